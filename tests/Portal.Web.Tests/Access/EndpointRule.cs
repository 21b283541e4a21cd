namespace Portal.Web.Tests.Access;

/// <summary>Who may reach an endpoint.</summary>
/// <param name="Kind">The kind of rule.</param>
/// <param name="Permission">The permission that is needed, for those that need one.</param>
public sealed record EndpointRule(EndpointRuleKind Kind, string? Permission = null)
{
    public static EndpointRule Anonymous { get; } = new(EndpointRuleKind.Anonymous);

    public static EndpointRule SignedIn { get; } = new(EndpointRuleKind.SignedIn);

    public static EndpointRule Node { get; } = new(EndpointRuleKind.Node);

    public static EndpointRule Metrics { get; } = new(EndpointRuleKind.Metrics);

    /// <summary>A policy on the endpoint asks for the permission.</summary>
    public static EndpointRule Needs(string permission) => new(EndpointRuleKind.Permission, permission);
}
