namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Names of networks over nodes: those of a stack, and all others.</summary>
internal sealed record SpreadNetworks(IReadOnlyCollection<string> Own, IReadOnlyCollection<string> Others)
{
    public static SpreadNetworks None { get; } = new([], []);
}
