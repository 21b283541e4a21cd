namespace Portal.Web.Tests.Access;

/// <summary>Who may reach an endpoint.</summary>
/// <param name="Kind">The kind of rule.</param>
/// <param name="Permission">The permission that is needed, for those that need one.</param>
/// <param name="Or">The one that will do as well.</param>
public sealed record EndpointRule(EndpointRuleKind Kind, string? Permission = null, string? Or = null)
{
    public static EndpointRule Anonymous { get; } = new(EndpointRuleKind.Anonymous);

    public static EndpointRule SignedIn { get; } = new(EndpointRuleKind.SignedIn);

    public static EndpointRule Node { get; } = new(EndpointRuleKind.Node);

    public static EndpointRule Metrics { get; } = new(EndpointRuleKind.Metrics);

    /// <summary>A policy on the endpoint asks for the permission.</summary>
    public static EndpointRule Needs(string permission, string? or = null) => new(EndpointRuleKind.Permission, permission, or);

    /// <summary>Whether the endpoint opens to who has what <paramref name="has"/> says.</summary>
    public bool IsMetBy(Func<string, bool> has) => (Permission is not null && has(Permission)) || (Or is not null && has(Or));
}
