extension Schema {
    /// Deployments, jobs and what guards them:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let workloadTypes = """
        Deployment
          apiVersion:string kind:string metadata:ObjectMeta={} spec:DeploymentSpec={}
          status:DeploymentStatus={}
        DeploymentSpec
          minReadySeconds:int(0..) paused:bool progressDeadlineSeconds:int(0..)=600 replicas:int(0..)=1
          revisionHistoryLimit:int(0..)=10 selector!:LabelSelector strategy:DeploymentStrategy={}
          template:PodTemplateSpec={}
        DeploymentStrategy
          rollingUpdate:RollingUpdateDeployment type:string(Recreate|RollingUpdate)~RollingUpdate
        RollingUpdateDeployment
          maxSurge:share=25% maxUnavailable:share=25%
        DeploymentStatus
          availableReplicas:int collisionCount:int conditions:[DeploymentCondition]@type
          observedGeneration:int readyReplicas:int replicas:int terminatingReplicas:int
          unavailableReplicas:int updatedReplicas:int
        DeploymentCondition
          lastTransitionTime:time lastUpdateTime:time message:string reason:string status:string type:string
        ReplicaSet
          apiVersion:string kind:string metadata:ObjectMeta={} spec:ReplicaSetSpec={}
          status:ReplicaSetStatus={}
        ReplicaSetSpec
          minReadySeconds:int(0..) replicas:int(0..)=1 selector!:LabelSelector template:PodTemplateSpec={}
        ReplicaSetStatus
          availableReplicas:int conditions:[ReplicaSetCondition]@type fullyLabeledReplicas:int
          observedGeneration:int readyReplicas:int replicas:int terminatingReplicas:int
        ReplicaSetCondition
          lastTransitionTime:time message:string reason:string status:string type:string
        Job
          apiVersion:string kind:string metadata:ObjectMeta={} spec:JobSpec={} status:JobStatus={}
        JobSpec
          activeDeadlineSeconds:int(0..) backoffLimit:int(0..)=6 backoffLimitPerIndex:int
          completionMode:string(Indexed|NonIndexed)=NonIndexed completions:int(0..) managedBy:string
          manualSelector:bool=false maxFailedIndexes:int parallelism:int(0..)
          podFailurePolicy:PodFailurePolicy podReplacementPolicy:string(Failed|TerminatingOrFailed)
          selector:LabelSelector successPolicy:SuccessPolicy suspend:bool=false template:PodTemplateSpec={}
          ttlSecondsAfterFinished:int(0..)
        PodFailurePolicy
          rules:[PodFailurePolicyRule]
        PodFailurePolicyRule
          action:string onExitCodes:PodFailurePolicyOnExitCodesRequirement
          onPodConditions:[PodFailurePolicyOnPodConditionsPattern]
        PodFailurePolicyOnExitCodesRequirement
          containerName:string operator:string values:[int]@set
        PodFailurePolicyOnPodConditionsPattern
          status:string type:string
        SuccessPolicy
          rules:[SuccessPolicyRule]
        SuccessPolicyRule
          succeededCount:int succeededIndexes:string
        JobStatus
          active:int completedIndexes:string completionTime:time conditions:[JobCondition] failed:int
          failedIndexes:string ready:int startTime:time succeeded:int terminating:int
          uncountedTerminatedPods:UncountedTerminatedPods
        JobCondition
          lastProbeTime:time lastTransitionTime:time message:string reason:string status:string type:string
        UncountedTerminatedPods
          failed:[string]@set succeeded:[string]@set
        CronJob
          apiVersion:string kind:string metadata:ObjectMeta={} spec:CronJobSpec={} status:CronJobStatus={}
        CronJobSpec
          concurrencyPolicy:string(Allow|Forbid|Replace)~Allow failedJobsHistoryLimit:int(0..)=1
          jobTemplate:JobTemplateSpec={} schedule!:cron startingDeadlineSeconds:int(0..)
          successfulJobsHistoryLimit:int(0..)=3 suspend:bool=false timeZone:string
        JobTemplateSpec
          metadata:ObjectMeta={} spec:JobSpec={}
        CronJobStatus
          active:[ObjectReference] lastScheduleTime:time lastSuccessfulTime:time
        PodDisruptionBudget
          apiVersion:string kind:string metadata:ObjectMeta={} spec:PodDisruptionBudgetSpec={}
          status:PodDisruptionBudgetStatus={}
        PodDisruptionBudgetSpec
          maxUnavailable:share minAvailable:share selector:LabelSelector
          unhealthyPodEvictionPolicy:string(AlwaysAllow|IfHealthyBudget)
        PodDisruptionBudgetStatus
          conditions:[Condition]@type currentHealthy:int desiredHealthy:int disruptedPods:{time}
          disruptionsAllowed:int expectedPods:int observedGeneration:int
        """
}
