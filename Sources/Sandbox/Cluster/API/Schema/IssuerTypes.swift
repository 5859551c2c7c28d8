extension Schema {
    /// What cert-manager makes of a certificate, and who signs. Settings of issuers other than ACME's, and of
    /// DNS providers, are taken as they come:
    /// https://cert-manager.io/docs/reference/api-docs/#acme.cert-manager.io/v1
    static let issuerTypes = """
        CertificateRequest
          apiVersion:string kind:string metadata:ObjectMeta={} spec:CertificateRequestSpec
          status:CertificateRequestStatus
        CertificateRequestSpec
          duration:string extra:{[string]} groups:[string] isCA:bool issuerRef!:IssuerReference request!:bytes
          uid:string usages:[string] username:string
        CertificateRequestStatus
          ca:bytes certificate:bytes conditions:[CertificateCondition]@type failureTime:time
        Order
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:OrderSpec status:OrderStatus
        OrderSpec
          commonName:string dnsNames:[string] duration:string ipAddresses:[string] issuerRef!:IssuerReference
          profile:string request!:bytes
        OrderStatus
          authorizations:[ACMEAuthorization] certificate:bytes failureTime:time finalizeURL:string
          reason:string state:string(valid|ready|pending|processing|invalid|expired|errored) url:string
        ACMEAuthorization
          challenges:[ACMEChallenge] identifier:string url!:string wildcard:bool
          initialState:string(valid|ready|pending|processing|invalid|expired|errored)
        ACMEChallenge
          token!:string type!:string url!:string
        Challenge
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:ChallengeSpec status:ChallengeStatus
        ChallengeSpec
          authorizationURL!:string dnsName!:string issuerRef!:IssuerReference key!:string
          solver!:ACMESolver token!:string type!:string(HTTP-01|DNS-01) url!:string wildcard:bool
        ChallengeStatus
          presented:bool processing:bool reason:string
          state:string(valid|ready|pending|processing|invalid|expired|errored)
        Issuer
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:IssuerSpec status:IssuerStatus
        ClusterIssuer
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:IssuerSpec status:IssuerStatus
        IssuerSpec
          acme:ACMEIssuer ca:CAIssuer selfSigned:SelfSignedIssuer vault:any venafi:any
        CAIssuer
          crlDistributionPoints:[string] issuingCertificateURLs:[string] ocspServers:[string]
          secretName!:string
        SelfSignedIssuer
          crlDistributionPoints:[string]
        ACMEIssuer
          caBundle:bytes disableAccountKeyGeneration:bool email:string enableDurationFeature:bool
          externalAccountBinding:ACMEAccountBinding preferredChain:string(0..64)
          privateKeySecretRef!:CertificateSecretKey profile:string server!:string skipTLSVerify:bool
          solvers:[ACMESolver]
        ACMEAccountBinding
          keyAlgorithm:string(HS256|HS384|HS512) keyID!:string keySecretRef!:CertificateSecretKey
        ACMESolver
          dns01:DNS01Solver http01:HTTP01Solver selector:SolverSelector
        SolverSelector
          dnsNames:[string] dnsZones:[string] matchLabels:{string}
        DNS01Solver
          acmeDNS:any akamai:any azureDNS:any cloudDNS:any cloudflare:any cnameStrategy:string(None|Follow)
          digitalocean:any rfc2136:any route53:any webhook:any
        HTTP01Solver
          gatewayHTTPRoute:GatewaySolver ingress:IngressSolver
        GatewaySolver
          labels:{string} parentRefs:[ParentReference] podTemplate:any serviceType:string
        IngressSolver
          class:string ingressClassName:string ingressTemplate:any name:string podTemplate:any
          serviceType:string
        IssuerStatus
          acme:ACMEAccount conditions:[CertificateCondition]@type
        ACMEAccount
          lastPrivateKeyHash:string lastRegisteredEmail:string uri:string
        """
}
