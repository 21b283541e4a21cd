using System.Collections.Frozen;
using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Checking;

/// <summary>By which digests the images of each node came from their registries.</summary>
/// <remarks>For the worker alone. A node is asked when its images have changed.</remarks>
internal sealed partial class NodeDigests(INodeClients clients, ILogger<NodeDigests> logger)
{
    private const int AskedAtOnce = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<Guid, Known> _nodes = [];

    /// <summary>By node and image id, as <c>registry/repository@digest</c>.</summary>
    public FrozenDictionary<(Guid NodeId, string ImageId), FrozenSet<string>> All { get; private set; } =
        FrozenDictionary<(Guid NodeId, string ImageId), FrozenSet<string>>.Empty;

    public async Task ReadAsync(FleetState fleet, CancellationToken cancellationToken)
    {
        foreach (var gone in _nodes.Keys.Where(id => !fleet.Nodes.ContainsKey(id)).ToList())
        {
            _nodes.Remove(gone);
        }

        var asked = fleet.Nodes.Values.Where(MustBeAsked).ToList();
        foreach (var group in asked.Chunk(AskedAtOnce))
        {
            var found = await Task.WhenAll(group.Select(node => AskAsync(node, cancellationToken)));
            foreach (var (node, images) in group.Zip(found))
            {
                _nodes[node.Id] = new Known(node.ImagesVersion, node.Since, images ?? _nodes.GetValueOrDefault(node.Id)?.Images ?? []);
            }
        }

        if (asked.Count > 0)
        {
            All = _nodes.SelectMany(node => node.Value.Images.Select(image => KeyValuePair.Create((node.Key, image.Key), image.Value)))
                .ToFrozenDictionary();
        }
    }

    private bool MustBeAsked(NodeState node) => node.Presence == NodePresence.Online && node.Containers.Count > 0
        && (!_nodes.TryGetValue(node.Id, out var known) || known.Version != node.ImagesVersion || known.Since != node.Since);

    private async Task<Dictionary<string, FrozenSet<string>>?> AskAsync(NodeState node, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            var client = new ImageService.ImageServiceClient(clients.ForLooking(node.Id, Actor.Portal, PermissionNames.ImagesView));
            var answer = await client.ListImagesAsync(new ListImagesRequest(), cancellationToken: patience.Token);
            return answer.Images.GroupBy(image => image.Id, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => group.SelectMany(image => image.Digests).Select(InFull).ToFrozenSet(StringComparer.Ordinal),
                StringComparer.Ordinal);
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogNotRead(node.Name, failure.Status.Detail);
            return null;
        }
    }

    private static string InFull(string digest)
    {
        var at = digest.IndexOf('@', StringComparison.Ordinal);
        var name = StackImage.Parse(at < 0 ? digest : digest[..at]);
        return at < 0 ? "" : $"{name.Registry}/{name.Repository}{digest[at..]}";
    }

    [LoggerMessage(2560, LogLevel.Debug, "The images of '{Node}' could not be read: {Reason}")]
    private partial void LogNotRead(string node, string reason);

    private sealed record Known(long Version, DateTimeOffset? Since, Dictionary<string, FrozenSet<string>> Images);
}
