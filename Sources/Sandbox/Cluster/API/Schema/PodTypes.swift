extension Schema {
    /// Pods, without their containers and volumes:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let podTypes = """
        Pod
          apiVersion:string kind:string metadata:ObjectMeta={} spec:PodSpec={} status:PodStatus={}
        PodSpec
          activeDeadlineSeconds:int(1..2147483647) affinity:Affinity automountServiceAccountToken:bool
          containers!:[Container]@name=[] dnsConfig:PodDNSConfig
          dnsPolicy:string(ClusterFirst|ClusterFirstWithHostNet|Default|None)~ClusterFirst
          enableServiceLinks:bool ephemeralContainers:[EphemeralContainer]@name hostAliases:[HostAlias]@ip
          hostIPC:bool hostNetwork:bool hostPID:bool hostUsers:bool hostname:label
          imagePullSecrets:[LocalObjectReference]@name initContainers:[Container]@name nodeName:subdomain
          nodeSelector:{labelValue}@atomic os:PodOS overhead:{quantity}
          preemptionPolicy:string(Never|PreemptLowerPriority) priority:int priorityClassName:string
          readinessGates:[PodReadinessGate] resourceClaims:[PodResourceClaim]@name
          resources:ResourceRequirements restartPolicy:string(Always|Never|OnFailure)~Always
          runtimeClassName:string schedulerName:string~default-scheduler
          schedulingGates:[PodSchedulingGate]@name securityContext:PodSecurityContext
          serviceAccount:string serviceAccountName:subdomain setHostnameAsFQDN:bool
          shareProcessNamespace:bool subdomain:label terminationGracePeriodSeconds:int(0..)=30
          tolerations:[Toleration]
          topologySpreadConstraints:[TopologySpreadConstraint]@topologyKey,whenUnsatisfiable
          volumes:[Volume]@name
        Affinity
          nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
        NodeAffinity
          preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
          requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
        PreferredSchedulingTerm
          preference:NodeSelectorTerm={} weight:int
        NodeSelectorTerm@atomic
          matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
        NodeSelectorRequirement
          key:string operator:string values:[string]
        NodeSelector@atomic
          nodeSelectorTerms:[NodeSelectorTerm]
        PodAffinity
          preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
          requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
        WeightedPodAffinityTerm
          podAffinityTerm:PodAffinityTerm={} weight:int
        PodAffinityTerm
          labelSelector:LabelSelector matchLabelKeys:[string] mismatchLabelKeys:[string]
          namespaceSelector:LabelSelector namespaces:[string] topologyKey!:qualified
        PodAntiAffinity
          preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
          requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
        PodDNSConfig
          nameservers:[string] options:[PodDNSConfigOption] searches:[string]
        PodDNSConfigOption
          name:string value:string
        HostAlias
          hostnames:[string] ip:string
        PodOS
          name:string
        PodReadinessGate
          conditionType:string
        PodResourceClaim
          name:string resourceClaimName:string resourceClaimTemplateName:string
        PodSchedulingGate
          name:string
        PodSecurityContext
          appArmorProfile:AppArmorProfile fsGroup:int(0..2147483647)
          fsGroupChangePolicy:string(Always|OnRootMismatch) runAsGroup:int(0..2147483647) runAsNonRoot:bool
          runAsUser:int(0..2147483647) seLinuxChangePolicy:string seLinuxOptions:SELinuxOptions
          seccompProfile:SeccompProfile supplementalGroups:[int] supplementalGroupsPolicy:string
          sysctls:[Sysctl] windowsOptions:WindowsSecurityContextOptions
        Sysctl
          name:string value:string
        Toleration
          effect:string(NoExecute|NoSchedule|PreferNoSchedule) key:string
          operator:string(Equal|Exists|Gt|Lt) tolerationSeconds:int value:string
        TopologySpreadConstraint
          labelSelector:LabelSelector matchLabelKeys:[string] maxSkew!:int(1..) minDomains:int
          nodeAffinityPolicy:string nodeTaintsPolicy:string topologyKey!:qualified
          whenUnsatisfiable!:string(DoNotSchedule|ScheduleAnyway)
        PodTemplateSpec
          metadata:ObjectMeta={} spec:PodSpec={}
        AppArmorProfile
          localhostProfile:string type!:string(Localhost|RuntimeDefault|Unconfined)
        SELinuxOptions
          level:string role:string type:string user:string
        SeccompProfile
          localhostProfile:string type!:string(Localhost|RuntimeDefault|Unconfined)
        WindowsSecurityContextOptions
          gmsaCredentialSpec:string gmsaCredentialSpecName:string hostProcess:bool runAsUserName:string
        """
}
