extension Schema {
    /// Roles and who has them:
    /// https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/
    static let accessTypes = """
        Role
          apiVersion:string kind:string metadata:ObjectMeta={} rules:[PolicyRule]
        PolicyRule
          apiGroups:[string] nonResourceURLs:[string] resourceNames:[string] resources:[string] verbs:[string]
        RoleBinding
          apiVersion:string kind:string metadata:ObjectMeta={} roleRef:RoleRef subjects:[RoleSubject]
        RoleRef@atomic
          apiGroup:string~rbac.authorization.k8s.io kind:string name:string
        RoleSubject@atomic
          apiGroup:string kind:string name:string namespace:string
        ClusterRole
          aggregationRule:AggregationRule apiVersion:string kind:string metadata:ObjectMeta={}
          rules:[PolicyRule]
        AggregationRule
          clusterRoleSelectors:[LabelSelector]
        ClusterRoleBinding
          apiVersion:string kind:string metadata:ObjectMeta={} roleRef:RoleRef subjects:[RoleSubject]
        """
}
