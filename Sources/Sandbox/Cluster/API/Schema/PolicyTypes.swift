extension Schema {
    /// Leases, autoscalers, and what bounds a namespace:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let policyTypes = """
        Lease
          apiVersion:string kind:string metadata:ObjectMeta={} spec:LeaseSpec={}
        LeaseSpec
          acquireTime:microTime holderIdentity:string leaseDurationSeconds:int(1..) leaseTransitions:int(0..)
          preferredHolder:string renewTime:microTime strategy:string
        HorizontalPodAutoscaler
          apiVersion:string kind:string metadata:ObjectMeta={} spec:HorizontalPodAutoscalerSpec={}
          status:HorizontalPodAutoscalerStatus={}
        HorizontalPodAutoscalerSpec
          behavior:ScalingBehavior maxReplicas!:int(1..) metrics:[MetricSpec] minReplicas:int(1..)=1
          scaleTargetRef:ScaleTarget={}
        ScaleTarget
          apiVersion:string kind!:string name!:string
        ScalingBehavior
          scaleDown:ScalingRules scaleUp:ScalingRules
        ScalingRules
          policies:[ScalingPolicy] selectPolicy:string(Disabled|Max|Min)
          stabilizationWindowSeconds:int(0..3600) tolerance:quantity
        ScalingPolicy
          periodSeconds!:int(1..1800) type!:string(Percent|Pods) value!:int(1..)
        MetricSpec
          containerResource:ContainerMetric external:ExternalMetric object:ObjectMetric pods:PodsMetric
          resource:ResourceMetric type!:string(ContainerResource|External|Object|Pods|Resource)
        ContainerMetric
          container!:string name!:string target:MetricTarget={}
        ExternalMetric
          metric:MetricIdentifier={} target:MetricTarget={}
        ObjectMetric
          describedObject:ScaleTarget={} metric:MetricIdentifier={} target:MetricTarget={}
        PodsMetric
          metric:MetricIdentifier={} target:MetricTarget={}
        ResourceMetric
          name!:string target:MetricTarget={}
        MetricIdentifier
          name!:string selector:LabelSelector
        MetricTarget
          averageUtilization:int(1..) averageValue:quantity type!:string(AverageValue|Utilization|Value)
          value:quantity
        HorizontalPodAutoscalerStatus
          conditions:[Condition]@type currentMetrics:[any] currentReplicas:int desiredReplicas:int
          lastScaleTime:time observedGeneration:int
        ResourceQuota
          apiVersion:string kind:string metadata:ObjectMeta={} spec:ResourceQuotaSpec={}
          status:ResourceQuotaStatus={}
        ResourceQuotaSpec
          hard:{quantity} scopeSelector:ScopeSelector scopes:[string]
        ScopeSelector@atomic
          matchExpressions:[ScopeRequirement]
        ScopeRequirement
          operator!:string(DoesNotExist|Exists|In|NotIn) scopeName!:string values:[string]
        ResourceQuotaStatus
          hard:{quantity} used:{quantity}
        LimitRange
          apiVersion:string kind:string metadata:ObjectMeta={} spec:LimitRangeSpec={}
        LimitRangeSpec
          limits:[LimitRangeItem]
        LimitRangeItem
          default:{quantity} defaultRequest:{quantity} max:{quantity} maxLimitRequestRatio:{quantity}
          min:{quantity} type!:string
        PersistentVolumeClaim
          apiVersion:string kind:string metadata:ObjectMeta={} spec:PersistentVolumeClaimSpec={}
          status:PersistentVolumeClaimStatus={}
        PersistentVolumeClaimSpec
          accessModes:[string(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod)]
          dataSource:TypedLocalObjectReference dataSourceRef:VolumeDataSource
          resources:VolumeResources={} selector:LabelSelector storageClassName:string
          volumeAttributesClassName:string volumeMode:string(Block|Filesystem)=Filesystem volumeName:string
        VolumeDataSource
          apiGroup:string kind!:string name!:string namespace:string
        VolumeResources
          limits:{quantity} requests:{quantity}
        PersistentVolumeClaimStatus
          accessModes:[string] allocatedResourceStatuses:{string} allocatedResources:{quantity}
          capacity:{quantity} conditions:[VolumeClaimCondition]@type currentVolumeAttributesClassName:string
          phase:string
        VolumeClaimCondition
          lastProbeTime:time lastTransitionTime:time message:string reason:string status:string type:string
        """
}
