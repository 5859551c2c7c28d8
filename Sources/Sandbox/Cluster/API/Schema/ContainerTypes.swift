extension Schema {
    /// Containers:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let containerTypes = """
        Container
          args:[string] command:[string] env:[EnvVar]@name envFrom:[EnvFromSource] image!:string
          imagePullPolicy:string(Always|IfNotPresent|Never) lifecycle:Lifecycle livenessProbe:Probe
          name!:label ports:[ContainerPort]@containerPort,protocol readinessProbe:Probe
          resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements={}
          restartPolicy:string(Always|Never|OnFailure) securityContext:SecurityContext startupProbe:Probe
          stdin:bool stdinOnce:bool terminationMessagePath:string~/dev/termination-log
          terminationMessagePolicy:string(FallbackToLogsOnError|File)~File tty:bool
          volumeDevices:[VolumeDevice]@devicePath volumeMounts:[VolumeMount]@mountPath workingDir:string
        EphemeralContainer
          args:[string] command:[string] env:[EnvVar]@name envFrom:[EnvFromSource] image!:string
          imagePullPolicy:string(Always|IfNotPresent|Never) lifecycle:Lifecycle livenessProbe:Probe
          name!:label ports:[ContainerPort]@containerPort,protocol readinessProbe:Probe
          resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements={} restartPolicy:string
          securityContext:SecurityContext startupProbe:Probe stdin:bool stdinOnce:bool
          targetContainerName:string terminationMessagePath:string~/dev/termination-log
          terminationMessagePolicy:string(FallbackToLogsOnError|File)~File tty:bool
          volumeDevices:[VolumeDevice]@devicePath volumeMounts:[VolumeMount]@mountPath workingDir:string
        EnvVar
          name!:envName value:string valueFrom:EnvVarSource
        EnvVarSource
          configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector
          resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
        ConfigMapKeySelector@atomic
          key!:configKey name:string optional:bool
        ObjectFieldSelector@atomic
          apiVersion:string~v1 fieldPath!:string
        ResourceFieldSelector@atomic
          containerName:string divisor:quantity resource!:string
        SecretKeySelector@atomic
          key!:configKey name:string optional:bool
        EnvFromSource
          configMapRef:ConfigMapEnvSource prefix:string secretRef:SecretEnvSource
        ConfigMapEnvSource
          name:string optional:bool
        SecretEnvSource
          name:string optional:bool
        Lifecycle
          postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:string
        LifecycleHandler
          exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
        ExecAction
          command!:[string]
        HTTPGetAction
          host:string httpHeaders:[HTTPHeader] path!:string~/ port!:port scheme!:string(HTTP|HTTPS)~HTTP
        HTTPHeader
          name!:headerName value:string
        SleepAction
          seconds:int
        TCPSocketAction
          host:string port!:port
        Probe
          exec:ExecAction failureThreshold:int(0..)~3 grpc:GRPCAction httpGet:HTTPGetAction
          initialDelaySeconds:int(0..) periodSeconds:int(0..)~10 successThreshold:int(0..)~1
          tcpSocket:TCPSocketAction terminationGracePeriodSeconds:int(1..) timeoutSeconds:int(0..)~1
        GRPCAction
          port!:int(1..65535) service:string=""
        ContainerPort
          containerPort!:int(1..65535) hostIP:string hostPort:int(1..65535) name:portName
          protocol:string(SCTP|TCP|UDP)~TCP
        ContainerResizePolicy
          resourceName:string restartPolicy:string
        ResourceRequirements
          claims:[ResourceClaim]@name limits:{quantity} requests:{quantity}
        ResourceClaim
          name:string request:string
        SecurityContext
          allowPrivilegeEscalation:bool appArmorProfile:AppArmorProfile capabilities:Capabilities
          privileged:bool procMount:string(Default|Unmasked) readOnlyRootFilesystem:bool
          runAsGroup:int(0..2147483647) runAsNonRoot:bool runAsUser:int(0..2147483647)
          seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
          windowsOptions:WindowsSecurityContextOptions
        Capabilities
          add:[string] drop:[string]
        VolumeDevice
          devicePath!:string name!:string
        VolumeMount
          mountPath!:string mountPropagation:string name!:string readOnly:bool recursiveReadOnly:string
          subPath:string subPathExpr:string
        """
}
