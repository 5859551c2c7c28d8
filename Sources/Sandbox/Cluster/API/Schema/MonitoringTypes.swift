extension Schema {
    /// The Prometheus operator's pod monitors:
    /// https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
    static let monitoringTypes = """
        PodMonitor
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:PodMonitorSpec status:PodMonitorStatus
        PodMonitorSpec
          attachMetadata:AttachMetadata bodySizeLimit:string convertClassicHistogramsToNHCB:bool
          fallbackScrapeProtocol:string(PrometheusProto|OpenMetricsText0.0.1|OpenMetricsText1.0.0
            |PrometheusText0.0.4|PrometheusText1.0.0)
          jobLabel:string keepDroppedTargets:int(0..) labelLimit:int(0..) labelNameLengthLimit:int(0..)
          labelValueLengthLimit:int(0..) namespaceSelector:MonitoredNamespaces
          nativeHistogramBucketLimit:int(0..) nativeHistogramMinBucketFactor:intOrString
          podMetricsEndpoints:[PodMetricsEndpoint] podTargetLabels:[string] sampleLimit:int(0..)
          scrapeClass:string(1..) scrapeClassicHistograms:bool scrapeNativeHistograms:bool
          scrapeProtocols:[string(PrometheusProto|OpenMetricsText0.0.1|OpenMetricsText1.0.0
            |PrometheusText0.0.4|PrometheusText1.0.0)]@set
          selector!:LabelSelector selectorMechanism:string(RelabelConfig|RoleSelector)
          targetLimit:int(0..)
        AttachMetadata
          node:bool
        MonitoredNamespaces
          any:bool matchNames:[string]
        PodMetricsEndpoint
          authorization:ScrapeAuthorization basicAuth:ScrapeBasicAuth bearerTokenSecret:MonitoringKey
          enableHttp2:bool filterRunning:bool followRedirects:bool honorLabels:bool honorTimestamps:bool
          interval:prometheusDuration metricRelabelings:[RelabelConfig] noProxy:string oauth2:ScrapeOAuth2
          params:{[string]} path:string port:string portNumber:int(1..65535)
          proxyConnectHeader:{[MonitoringKey]}@atomic proxyFromEnvironment:bool proxyUrl:string
          relabelings:[RelabelConfig] scheme:string(http|https|HTTP|HTTPS)
          scrapeTimeout:prometheusDuration targetPort:intOrString tlsConfig:ScrapeTLS
          trackTimestampsStaleness:bool
        ScrapeAuthorization
          credentials:MonitoringKey type:string
        ScrapeBasicAuth
          password:MonitoringKey username:MonitoringKey
        MonitoringKey@atomic
          key!:string name:string="" optional:bool
        MonitoringKeySource
          configMap:MonitoringKey secret:MonitoringKey
        RelabelConfig
          action:string(replace|Replace|keep|Keep|drop|Drop|hashmod|HashMod|labelmap|LabelMap|labeldrop
            |LabelDrop|labelkeep|LabelKeep|lowercase|Lowercase|uppercase|Uppercase|keepequal|KeepEqual
            |dropequal|DropEqual)
          modulus:int(0..) regex:string replacement:string separator:string sourceLabels:[string]
          targetLabel:string
        ScrapeOAuth2
          clientId!:MonitoringKeySource clientSecret!:MonitoringKey endpointParams:{string} noProxy:string
          proxyConnectHeader:{[MonitoringKey]}@atomic proxyFromEnvironment:bool proxyUrl:string
          scopes:[string] tlsConfig:ScrapeTLS tokenUrl!:string
        ScrapeTLS
          ca:MonitoringKeySource cert:MonitoringKeySource insecureSkipVerify:bool keySecret:MonitoringKey
          maxVersion:string(TLS10|TLS11|TLS12|TLS13) minVersion:string(TLS10|TLS11|TLS12|TLS13)
          serverName:string
        PodMonitorStatus
          bindings:[PodMonitorBinding]@group,resource,name,namespace
        PodMonitorBinding
          conditions:[PodMonitorCondition]@type group!:string(monitoring.coreos.com) name!:string(1..)
          namespace!:string(1..) resource!:string(prometheuses|prometheusagents|thanosrulers|alertmanagers)
        PodMonitorCondition
          lastTransitionTime!:time message:string observedGeneration:int reason:string status!:string(1..)
          type!:string(Accepted)
        """
}
