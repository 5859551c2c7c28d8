extension Schema {
    /// What the node says of a pod:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let podStatusTypes = """
        PodStatus
          allocatedResources:{quantity} conditions:[PodCondition]@type containerStatuses:[ContainerStatus]
          ephemeralContainerStatuses:[ContainerStatus] hostIP:string hostIPs:[HostIP]
          initContainerStatuses:[ContainerStatus] message:string nominatedNodeName:string
          observedGeneration:int phase:string podIP:string podIPs:[PodIP]@ip qosClass:string reason:string
          resize:string resourceClaimStatuses:[PodResourceClaimStatus]@name resources:ResourceRequirements
          startTime:time
        PodCondition
          lastProbeTime:time lastTransitionTime:time message:string observedGeneration:int reason:string
          status:string type:string
        ContainerStatus
          allocatedResources:{quantity} allocatedResourcesStatus:[ResourceStatus]@name containerID:string
          image:string imageID:string lastState:ContainerState={} name:string ready:bool
          resources:ResourceRequirements restartCount:int started:bool state:ContainerState={}
          stopSignal:string user:ContainerUser volumeMounts:[VolumeMountStatus]@mountPath
        ResourceStatus
          name:string resources:[ResourceHealth]@resourceID
        ResourceHealth
          health:string message:string resourceID:string
        ContainerState
          running:ContainerStateRunning terminated:ContainerStateTerminated waiting:ContainerStateWaiting
        ContainerStateRunning
          startedAt:time
        ContainerStateTerminated
          containerID:string exitCode:int finishedAt:time message:string reason:string signal:int
          startedAt:time
        ContainerStateWaiting
          message:string reason:string
        ContainerUser
          linux:LinuxContainerUser
        LinuxContainerUser
          gid:int supplementalGroups:[int] uid:int
        VolumeMountStatus
          mountPath:string name:string readOnly:bool recursiveReadOnly:string
        HostIP
          ip:string
        PodIP
          ip:string
        PodResourceClaimStatus
          name:string resourceClaimName:string
        """
}
