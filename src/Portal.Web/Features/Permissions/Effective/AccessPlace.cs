using Portal.Web.Access;

namespace Portal.Web.Features.Permissions.Effective;

/// <summary>A place that can be asked for.</summary>
/// <param name="Key">Its value in a choice.</param>
/// <param name="Name">For people.</param>
/// <param name="Scope">Itself.</param>
/// <param name="EnvironmentId">Of a node and a stack: the environment that it is in.</param>
internal sealed record AccessPlace(string Key, string Name, AccessScope Scope, Guid? EnvironmentId)
{
    public bool IsCoveredBy(AccessScope granted) => granted.IsEverything
        || granted == Scope
        || (granted.StackId is { } stack && stack == Scope.StackId)
        || (granted.NodeId is { } node && node == Scope.NodeId)
        || (granted.EnvironmentId is { } environment && environment == EnvironmentId);
}
