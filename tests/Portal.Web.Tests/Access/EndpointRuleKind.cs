namespace Portal.Web.Tests.Access;

public enum EndpointRuleKind
{
    Anonymous,
    SignedIn,
    Node,
    Metrics,
    Permission,
}
