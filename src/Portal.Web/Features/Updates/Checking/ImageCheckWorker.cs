using System.Collections.Frozen;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Checking;

/// <summary>
/// Looks what the tags that containers were made of point at in their registries, and shows it with what runs. The registry is asked by way of a
/// node that has the image, since only nodes reach every registry; nothing is pulled. Of all portals one asks; each shows.
/// </summary>
internal sealed partial class ImageCheckWorker(
    IFleet fleet,
    INodeClients clients,
    NodeDigests digests,
    ImageCheckStore store,
    ImageUpdates updates,
    IRegistryCredentials credentials,
    ImageCheckOptions options,
    TimeProvider time,
    ILogger<ImageCheckWorker> logger) : BackgroundService
{
    private const int MostAtOnce = 3;
    private const int MostNames = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);
    private readonly Dictionary<string, StackImage> _names = new(StringComparer.Ordinal);

    /// <summary>Looks at what is due, and shows what is known then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var state = fleet.Current;
        await digests.ReadAsync(state, cancellationToken);
        var wanted = Wanted(state);
        var known = await store.ReadAsync(cancellationToken);
        await store.WantAsync(wanted.Values, known, cancellationToken);
        Show(state, known);
        var reachable = wanted.Values.Where(tag => tag.Nodes.Count > 0).Select(tag => tag.Image).ToArray();
        if (reachable.Length == 0 || options.Interval == TimeSpan.Zero)
        {
            return;
        }

        var looked = await Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => LookAsync(reachable, wanted, cancellationToken)));
        if (looked.Any(any => any))
        {
            Show(state, await store.ReadAsync(cancellationToken));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What came from no registry is not asked for: nobody there knows it, and its name is nobody's business.
    private Dictionary<string, WantedTag> Wanted(FleetState state)
    {
        var wanted = new Dictionary<string, WantedTag>(StringComparer.Ordinal);
        foreach (var node in state.Nodes.Values)
        {
            foreach (var container in node.Containers.Values)
            {
                if (!digests.All.TryGetValue((node.Id, container.ImageId), out var local) || Parse(container.Image) is not { } name)
                {
                    continue;
                }

                var tag = new WantedTag(name, []);
                if (tag.Image.Length > 700 || !local.Any(digest => digest.StartsWith(tag.Repository + "@", StringComparison.Ordinal)))
                {
                    continue;
                }

                var nodes = (wanted.TryGetValue(tag.Image, out var there) ? there : wanted[tag.Image] = tag).Nodes;
                if (node.Presence == NodePresence.Online && (nodes.Count == 0 || nodes[^1] != node.Id))
                {
                    nodes.Add(node.Id);
                }
            }
        }

        return wanted;
    }

    /// <returns>Null for what has no tag: it is fixed by its digest, or named by an id.</returns>
    private StackImage? Parse(string image)
    {
        if (!_names.TryGetValue(image, out var name))
        {
            if (_names.Count >= MostNames)
            {
                _names.Clear();
            }

            var isId = image.Length == 0 || image.StartsWith("sha256:", StringComparison.Ordinal);
            name = _names[image] = isId ? new StackImage("", "", "") : StackImage.Parse(image);
        }

        return name.Tag.Length > 0 ? name : null;
    }

    private void Show(FleetState state, IReadOnlyDictionary<string, ImageCheck> known)
    {
        var tags = new Dictionary<string, ImageUpdates.Tag>(StringComparer.Ordinal);
        foreach (var image in state.Nodes.Values.SelectMany(node => node.Containers.Values).Select(container => container.Image).Distinct())
        {
            if (Parse(image) is { } name && known.TryGetValue(new WantedTag(name, []).Image, out var check))
            {
                tags[image] = new ImageUpdates.Tag(new WantedTag(name, []).Repository, check.Digest, check.CheckedAt, check.Error);
            }
        }

        updates.Show(tags.ToFrozenDictionary(StringComparer.Ordinal), digests.All);
    }

    private async Task<bool> LookAsync(string[] images, Dictionary<string, WantedTag> wanted, CancellationToken cancellationToken)
    {
        var any = false;
        while (await store.TakeAsync(images, cancellationToken) is { } check)
        {
            any = true;
            await LookAsync(check, wanted[check.Image], cancellationToken);
        }

        return any;
    }

    private async Task LookAsync(ImageCheck check, WantedTag tag, CancellationToken cancellationToken)
    {
        var node = tag.Nodes[0];
        try
        {
            (node, var login) = await credentials.FindKnownAsync(tag.Name.Registry, tag.Nodes, cancellationToken);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            var client = new RegistryService.RegistryServiceClient(clients.ForLooking(node, Actor.Portal, PermissionNames.RegistriesView));
            var found = await client.ResolveTagAsync(
                new ResolveTagRequest { Image = check.Image, Credentials = login }, cancellationToken: patience.Token);
            await (found.Digest.Length > 0
                ? store.FoundAsync(check, found.Digest, cancellationToken)
                : store.LeaveAloneAsync(check, found.RetryAfter?.ToTimeSpan(), cancellationToken));
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = fleet.Current.Nodes.GetValueOrDefault(node)?.Name ?? "a node";
            await store.FailedAsync(check, E("Asked by way of '{0}': {1:said}", name, NodeCallException.From(failure, name).Message), cancellationToken);
        }
    }

    [LoggerMessage(2561, LogLevel.Warning, "Looking for newer images failed; it is tried again.")]
    private partial void LogRoundFailed(Exception failure);
}
