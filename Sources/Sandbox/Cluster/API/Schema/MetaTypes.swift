extension Schema {
    /// What every object has, and what several kinds share:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let metaTypes = """
        ObjectMeta
          annotations:{string} creationTimestamp:time deletionGracePeriodSeconds:int deletionTimestamp:time
          finalizers:[qualified]@set generateName:string generation:int labels:{labelValue}
          managedFields:[ManagedFieldsEntry] name:string namespace:string
          ownerReferences:[OwnerReference]@uid resourceVersion:string selfLink:string uid:string
        ManagedFieldsEntry
          apiVersion:string fieldsType:string fieldsV1:any manager:string operation:string
          subresource:string time:time
        OwnerReference@atomic
          apiVersion!:string blockOwnerDeletion:bool controller:bool kind!:string name!:string uid!:string
        LabelSelector@atomic
          matchExpressions:[LabelSelectorRequirement] matchLabels:{labelValue}
        LabelSelectorRequirement
          key!:qualified operator!:string(DoesNotExist|Exists|In|NotIn) values:[string]
        LocalObjectReference@atomic
          name:string
        ObjectReference@atomic
          apiVersion:string fieldPath:string kind:string name:string namespace:string resourceVersion:string
          uid:string
        TypedLocalObjectReference@atomic
          apiGroup:string kind!:string name!:string
        Condition
          lastTransitionTime:time message:string observedGeneration:int reason:string status:string
          type:string
        """
}
