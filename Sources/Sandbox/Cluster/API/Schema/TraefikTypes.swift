extension Schema {
    /// Traefik's Middlewares, as far as they are about redirects and bodies:
    /// https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/overview/
    static let traefikTypes = """
        Middleware
          apiVersion:string kind:string metadata:ObjectMeta={} spec!:MiddlewareSpec
        MiddlewareSpec
          buffering:Buffering redirectRegex:RedirectRegex redirectScheme:RedirectScheme
        Buffering
          maxRequestBodyBytes:int maxResponseBodyBytes:int memRequestBodyBytes:int memResponseBodyBytes:int
          retryExpression:string
        RedirectRegex
          permanent:bool regex:string replacement:string
        RedirectScheme
          permanent:bool port:string scheme:string
        """
}
