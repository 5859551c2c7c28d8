extension Schema {
    /// Services, endpoints, ingresses and network policies:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let networkTypes = """
        Service
          apiVersion:string kind:string metadata:ObjectMeta={} spec:ServiceSpec={} status:ServiceStatus={}
        ServiceSpec
          allocateLoadBalancerNodePorts:bool clusterIP:string clusterIPs:[string] externalIPs:[string]
          externalName:string externalTrafficPolicy:string(Cluster|Local) healthCheckNodePort:int
          internalTrafficPolicy:string(Cluster|Local) ipFamilies:[string]
          ipFamilyPolicy:string(PreferDualStack|RequireDualStack|SingleStack) loadBalancerClass:string
          loadBalancerIP:string loadBalancerSourceRanges:[string] ports:[ServicePort]@port,protocol
          publishNotReadyAddresses:bool selector:{labelValue}@atomic
          sessionAffinity:string(ClientIP|None)~None sessionAffinityConfig:SessionAffinityConfig
          trafficDistribution:string type:string(ClusterIP|ExternalName|LoadBalancer|NodePort)~ClusterIP
        ServicePort
          appProtocol:string name:label nodePort:int(1..65535) port!:int(1..65535)
          protocol:string(SCTP|TCP|UDP)~TCP targetPort:port
        SessionAffinityConfig
          clientIP:ClientIPConfig
        ClientIPConfig
          timeoutSeconds:int
        ServiceStatus
          conditions:[Condition]@type loadBalancer:LoadBalancerStatus={}
        LoadBalancerStatus
          ingress:[LoadBalancerIngress]
        LoadBalancerIngress
          hostname:string ip:string ipMode:string ports:[PortStatus]
        PortStatus
          error:string port:int protocol:string
        Endpoints
          apiVersion:string kind:string metadata:ObjectMeta={} subsets:[EndpointSubset]
        EndpointSubset
          addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[EndpointPort]
        EndpointAddress@atomic
          hostname:string ip:string nodeName:string targetRef:ObjectReference
        EndpointPort@atomic
          appProtocol:string name:string port:int protocol:string
        EndpointSlice
          addressType!:string(FQDN|IPv4|IPv6) apiVersion:string endpoints:[Endpoint] kind:string
          metadata:ObjectMeta={} ports:[SliceEndpointPort]
        Endpoint
          addresses!:[string]@set conditions:EndpointConditions={} hints:EndpointHints hostname:string
          nodeName:string targetRef:ObjectReference zone:string
        EndpointConditions
          ready:bool serving:bool terminating:bool
        EndpointHints
          forNodes:[ForNode] forZones:[ForZone]
        ForNode
          name:string
        ForZone
          name:string
        SliceEndpointPort@atomic
          appProtocol:string name:string port:int protocol:string
        Ingress
          apiVersion:string kind:string metadata:ObjectMeta={} spec:IngressSpec={} status:IngressStatus={}
        IngressSpec
          defaultBackend:IngressBackend ingressClassName:subdomain rules:[IngressRule] tls:[IngressTLS]
        IngressBackend
          resource:TypedLocalObjectReference service:IngressServiceBackend
        IngressServiceBackend
          name!:label1035 port:ServiceBackendPort={}
        ServiceBackendPort@atomic
          name:portName number:int(1..65535)
        IngressRule
          host:host http:HTTPIngressRuleValue
        HTTPIngressRuleValue
          paths!:[HTTPIngressPath]
        HTTPIngressPath
          backend:IngressBackend={} path:string pathType!:string(Exact|ImplementationSpecific|Prefix)
        IngressTLS
          hosts:[host] secretName:string
        IngressStatus
          loadBalancer:IngressLoadBalancerStatus={}
        IngressLoadBalancerStatus
          ingress:[IngressLoadBalancerIngress]
        IngressLoadBalancerIngress
          hostname:string ip:string ports:[IngressPortStatus]
        IngressPortStatus
          error:string port:int protocol:string
        NetworkPolicy
          apiVersion:string kind:string metadata:ObjectMeta={} spec:NetworkPolicySpec={}
        NetworkPolicySpec
          egress:[NetworkPolicyEgressRule] ingress:[NetworkPolicyIngressRule] podSelector:LabelSelector={}
          policyTypes:[string(Egress|Ingress)]
        NetworkPolicyEgressRule
          ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
        NetworkPolicyIngressRule
          from:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
        NetworkPolicyPort
          endPort:int(1..65535) port:port protocol:string(SCTP|TCP|UDP)~TCP
        NetworkPolicyPeer
          ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
        IPBlock
          cidr!:cidr except:[cidr]
        """
}
