extension Schema {
    /// cert-manager's certificates: https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1
    static let certificateTypes = """
        Certificate
          apiVersion:string kind:string metadata:ObjectMeta={} spec:CertificateSpec status:CertificateStatus
        CertificateSpec
          additionalOutputFormats:[CertificateOutputFormat] commonName:string dnsNames:[string]
          duration:string emailAddresses:[string] encodeUsagesInRequest:bool ipAddresses:[string] isCA:bool
          issuerRef!:IssuerReference keystores:CertificateKeystores literalSubject:string
          nameConstraints:NameConstraints otherNames:[OtherName] privateKey:CertificatePrivateKey
          renewBefore:string renewBeforePercentage:int revisionHistoryLimit:int secretName!:string
          secretTemplate:CertificateSecretTemplate subject:X509Subject uris:[string] usages:[string]
          signatureAlgorithm:string(SHA256WithRSA|SHA384WithRSA|SHA512WithRSA
            |ECDSAWithSHA256|ECDSAWithSHA384|ECDSAWithSHA512|PureEd25519)
        CertificateOutputFormat
          type!:string(DER|CombinedPEM)
        IssuerReference
          group:string kind:string name!:string
        CertificateKeystores
          jks:JKSKeystore pkcs12:PKCS12Keystore
        JKSKeystore
          alias:string create!:bool password:string passwordSecretRef:CertificateSecretKey
        PKCS12Keystore
          create!:bool password:string passwordSecretRef:CertificateSecretKey
          profile:string(LegacyRC2|LegacyDES|Modern2023)
        CertificateSecretKey
          key:string name!:string
        NameConstraints
          critical:bool excluded:NameConstraintItem permitted:NameConstraintItem
        NameConstraintItem
          dnsDomains:[string] emailAddresses:[string] ipRanges:[string] uriDomains:[string]
        OtherName
          oid:string utf8Value:string
        CertificatePrivateKey
          algorithm:string(RSA|ECDSA|Ed25519) encoding:string(PKCS1|PKCS8)
          rotationPolicy:string(Never|Always) size:int
        CertificateSecretTemplate
          annotations:{string} labels:{string}
        X509Subject
          countries:[string] localities:[string] organizationalUnits:[string] organizations:[string]
          postalCodes:[string] provinces:[string] serialNumber:string streetAddresses:[string]
        CertificateStatus
          conditions:[CertificateCondition]@type failedIssuanceAttempts:int lastFailureTime:time
          nextPrivateKeySecretName:string notAfter:time notBefore:time renewalTime:time revision:int
        CertificateCondition
          lastTransitionTime:time message:string observedGeneration:int reason:string
          status!:string(True|False|Unknown) type!:string
        """
}
