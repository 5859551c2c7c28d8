extension Schema {
    /// Gateways and routes of the standard channel: https://gateway-api.sigs.k8s.io/reference/spec/
    static let gatewayTypes = """
        HTTPRoute
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:HTTPRouteSpec status:HTTPRouteStatus
        HTTPRouteSpec
          hostnames:[wildcardHost](..16) parentRefs:[ParentReference](..32)
          rules:[HTTPRouteRule](..16)=[{"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}]
        ParentReference
          group:string=gateway.networking.k8s.io kind:string(1..63)=Gateway name!:string(1..253)
          namespace:string(1..63) port:int(1..65535) sectionName:string(1..253)
        HTTPRouteRule
          backendRefs:[HTTPBackendRef](..16) filters:[HTTPRouteFilter](..16) name:string(1..253)
          matches:[HTTPRouteMatch](..64)=[{"path":{"type":"PathPrefix","value":"/"}}]
          timeouts:HTTPRouteTimeouts
        HTTPRouteTimeouts
          backendRequest:gatewayDuration request:gatewayDuration
        HTTPRouteMatch
          headers:[HTTPValueMatch]@name(..16) queryParams:[HTTPValueMatch]@name(..16)
          method:string(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH)
          path:HTTPPathMatch={"type":"PathPrefix","value":"/"}
        HTTPPathMatch
          type:string(Exact|PathPrefix|RegularExpression)=PathPrefix value:string(0..1024)=/
        HTTPValueMatch
          name!:string(1..256) type:string(Exact|RegularExpression)=Exact value!:string(1..4096)
        HTTPBackendRef
          filters:[HTTPRouteFilter](..16) group:string="" kind:string(1..63)=Service name!:string(1..253)
          namespace:string(1..63) port:int(1..65535) weight:int(0..1000000)=1
        HTTPRouteFilter
          type!:string(RequestHeaderModifier|ResponseHeaderModifier|RequestMirror|RequestRedirect
            |URLRewrite|ExtensionRef|CORS)
          cors:HTTPCORS extensionRef:GatewayObjectReference requestHeaderModifier:HTTPHeaderModifier
          requestMirror:HTTPRequestMirror requestRedirect:HTTPRequestRedirect
          responseHeaderModifier:HTTPHeaderModifier urlRewrite:HTTPURLRewrite
        HTTPCORS
          allowCredentials:bool allowHeaders:[string]@set(..64) allowMethods:[string]@set(..9)
          allowOrigins:[string]@set(..64) exposeHeaders:[string]@set(..64) maxAge:int(1..)=5
        GatewayObjectReference
          group!:string kind!:string(1..63) name!:string(1..253)
        HTTPHeaderModifier
          add:[GatewayHeader]@name(..16) remove:[string]@set(..16) set:[GatewayHeader]@name(..16)
        GatewayHeader
          name!:string(1..256) value!:string(1..4096)
        HTTPRequestMirror
          backendRef!:GatewayBackend fraction:GatewayFraction percent:int(0..100)
        GatewayBackend
          group:string="" kind:string(1..63)=Service name!:string(1..253) namespace:string(1..63)
          port:int(1..65535)
        GatewayFraction
          denominator:int(1..)=100 numerator!:int(0..)
        HTTPRequestRedirect
          hostname:string(1..253) path:HTTPPathModifier port:int(1..65535) scheme:string(http|https)
          statusCode:int=302
        HTTPURLRewrite
          hostname:string(1..253) path:HTTPPathModifier
        HTTPPathModifier
          replaceFullPath:string(0..1024) replacePrefixMatch:string(0..1024)
          type!:string(ReplaceFullPath|ReplacePrefixMatch)
        HTTPRouteStatus
          parents!:[RouteParentStatus](..32)
        RouteParentStatus
          conditions!:[GatewayCondition]@type(..8) controllerName!:string(1..253) parentRef!:ParentReference
        GatewayCondition
          lastTransitionTime!:time message!:string(0..32768) observedGeneration:int(0..)
          reason!:string(1..1024) status!:string(True|False|Unknown) type!:string(0..316)
        Gateway
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:GatewaySpec status:GatewayStatus
        GatewaySpec
          addresses:[GatewayAddress](..16) allowedListeners:AllowedListeners
          gatewayClassName!:string(1..253) infrastructure:GatewayInfrastructure
          listeners!:[GatewayListener]@name(..64)
        GatewayAddress
          type:string(1..253)=IPAddress value:string(0..253)
        AllowedListeners
          namespaces:ListenerNamespaces={"from":"None"}
        ListenerNamespaces
          from:string(All|Selector|Same|None)=None selector:LabelSelector
        GatewayInfrastructure
          annotations:{string} labels:{string} parametersRef:GatewayObjectReference
        GatewayListener
          allowedRoutes:AllowedRoutes={"namespaces":{"from":"Same"}} hostname:wildcardHost
          name!:string(1..253) port!:int(1..65535) protocol!:string(1..255) tls:ListenerTLS
        AllowedRoutes
          kinds:[RouteGroupKind](..8) namespaces:RouteNamespaces={"from":"Same"}
        RouteGroupKind
          group:string=gateway.networking.k8s.io kind!:string(1..63)
        RouteNamespaces
          from:string(All|Selector|Same)=Same selector:LabelSelector
        ListenerTLS
          certificateRefs:[GatewaySecret](..64) mode:string(Terminate|Passthrough)=Terminate
          options:{string}
        GatewaySecret
          group:string="" kind:string(1..63)=Secret name!:string(1..253) namespace:string(1..63)
        ListenerSet
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:ListenerSetSpec status:ListenerSetStatus
        ListenerSetSpec
          listeners!:[GatewayListener]@name(..64) parentRef!:ParentGateway
        ParentGateway
          group:string=gateway.networking.k8s.io kind:string(1..63)=Gateway name!:string(1..253)
          namespace:string(1..63)
        ListenerSetStatus
          conditions:[GatewayCondition]@type(..8) listeners:[ListenerStatus]@name(..64)
        GatewayStatus
          addresses:[GatewayAddress](..16) attachedListenerSets:int conditions:[GatewayCondition]@type(..8)
          listeners:[ListenerStatus]@name(..64)
        ReferenceGrant
          apiVersion:string kind:string metadata:ObjectMeta={} spec:ReferenceGrantSpec
        ReferenceGrantSpec
          from!:[ReferenceGrantFrom](..16) to!:[ReferenceGrantTo](..16)
        ReferenceGrantFrom
          group!:string kind!:string(1..63) namespace!:string(1..63)
        ReferenceGrantTo
          group!:string kind!:string(1..63) name:string(1..253)
        ListenerStatus
          attachedRoutes!:int conditions!:[GatewayCondition]@type(..8) name!:string(1..253)
          supportedKinds:[RouteGroupKind](..8)
        """
}
