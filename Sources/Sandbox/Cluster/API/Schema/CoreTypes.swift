extension Schema {
    /// The core group without pods:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let coreTypes = """
        Namespace
          apiVersion:string kind:string metadata:ObjectMeta={} spec:NamespaceSpec={}
          status:NamespaceStatus={}
        NamespaceSpec
          finalizers:[string]
        NamespaceStatus
          conditions:[NamespaceCondition]@type phase:string
        NamespaceCondition
          lastTransitionTime:time message:string reason:string status:string type:string
        Secret
          apiVersion:string data:{bytes} immutable:bool kind:string metadata:ObjectMeta={}
          stringData:{string} type:string~Opaque
        ConfigMap
          apiVersion:string binaryData:{bytes} data:{string} immutable:bool kind:string
          metadata:ObjectMeta={}
        ServiceAccount
          apiVersion:string automountServiceAccountToken:bool imagePullSecrets:[LocalObjectReference]
          kind:string metadata:ObjectMeta={} secrets:[ObjectReference]@name
        Event
          action:string apiVersion:string count:int eventTime:time firstTimestamp:time
          involvedObject:ObjectReference={} kind:string lastTimestamp:time message:string
          metadata:ObjectMeta={} reason:string related:ObjectReference reportingComponent:string
          reportingInstance:string series:EventSeries source:EventSource={} type:string
        EventSeries
          count:int lastObservedTime:time
        EventSource
          component:string host:string
        """
}
