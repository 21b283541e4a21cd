using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>What people decide about a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EnvironmentId">The environment that it is in; null for none.</param>
/// <param name="Labels">All of its labels.</param>
internal sealed record NodeSettings(string Name, Guid? EnvironmentId, IReadOnlyDictionary<string, string> Labels)
{
    public static NodeSettings Of(NodeState node) => new(node.Name, node.Environment?.Id, node.Labels);

    public bool HasLabelsOf(NodeState node) =>
        Labels.Count == node.Labels.Count && Labels.All(label => node.Labels.GetValueOrDefault(label.Key) == label.Value);
}
