extension Schema {
    /// Volumes; those of single cloud providers are left out, as no node here could mount
    /// them:
    /// https://kubernetes.io/docs/reference/kubernetes-api/
    static let volumeTypes = """
        Volume
          configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
          emptyDir:EmptyDirVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource name!:label
          nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
          projected:ProjectedVolumeSource secret:SecretVolumeSource
        ConfigMapVolumeSource
          defaultMode:int(0..511)=420 items:[KeyToPath] name!:string optional:bool
        KeyToPath
          key!:string mode:int(0..511) path!:string
        CSIVolumeSource
          driver:string fsType:string nodePublishSecretRef:LocalObjectReference readOnly:bool
          volumeAttributes:{string}
        DownwardAPIVolumeSource
          defaultMode:int(0..511)=420 items:[DownwardAPIVolumeFile]
        DownwardAPIVolumeFile
          fieldRef:ObjectFieldSelector mode:int(0..511) path!:string resourceFieldRef:ResourceFieldSelector
        EmptyDirVolumeSource
          medium:string sizeLimit:quantity
        HostPathVolumeSource
          path!:string type:string=""
        ImageVolumeSource
          pullPolicy:string reference:string
        NFSVolumeSource
          path!:string readOnly:bool server!:string
        PersistentVolumeClaimVolumeSource
          claimName!:string readOnly:bool
        ProjectedVolumeSource
          defaultMode:int(0..511)=420 sources:[VolumeProjection]
        VolumeProjection
          configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection secret:SecretProjection
          serviceAccountToken:ServiceAccountTokenProjection
        ConfigMapProjection
          items:[KeyToPath] name!:string optional:bool
        DownwardAPIProjection
          items:[DownwardAPIVolumeFile]
        SecretProjection
          items:[KeyToPath] name!:string optional:bool
        ServiceAccountTokenProjection
          audience:string expirationSeconds:int(600..4294967296)=3600 path!:string
        SecretVolumeSource
          defaultMode:int(0..511)=420 items:[KeyToPath] optional:bool secretName!:string
        """
}
