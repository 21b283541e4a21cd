using Grpc.Core;
using Npgsql;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Consoles;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Nodes;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Consoles.Recordings;

/// <summary>
/// Takes recordings from the nodes while they grow, and away from there once they are whole: a node keeps them while no portal is there, and loses little
/// of them with itself.
/// </summary>
internal sealed partial class RecordingCollector(
    NpgsqlDataSource database,
    RecordedConsoles recordings,
    ConsolePolicies policies,
    INodeClients clients,
    IFleet fleet,
    IAuditLog audit,
    TimeProvider time,
    ILogger<RecordingCollector> logger)
    : SoleWorker(database, LockKey, s_interval, time, logger)
{
    private const long LockKey = 0x636F6E736F6C6573;
    private const int PieceSize = 256 * 1024;
    private const int AtOnce = 16;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    // Where nothing is to be recorded, only what was left from before is looked for.
    private static readonly TimeSpan s_seldom = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private DateTimeOffset _last;

    protected override string Name => "taking recordings of consoles from the nodes";

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var (now, policy) = (_time.GetUtcNow(), await policies.ReadAsync(cancellationToken));
        if (policy.Recording == ConsoleRecordingRule.Nothing && now - _last < s_seldom)
        {
            return;
        }

        _last = now;
        var nodes = fleet.Current.Nodes.Values.Where(node => node.Presence == NodePresence.Online);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(nodes, options, async (node, token) => await TryCollectAsync(node, token));
        if (policy.KeepDays > 0)
        {
            await PruneAsync(now, policy.KeepDays, cancellationToken);
        }
    }

    /// <summary>Takes what a node has.</summary>
    internal async Task CollectAsync(NodeState node, CancellationToken cancellationToken)
    {
        var client = new ConsoleService.ConsoleServiceClient(clients.For(node.Id, Actor.Portal, PermissionNames.ConsolesReplay));
        var there = await client.ListRecordingsAsync(new ListRecordingsRequest(), cancellationToken: cancellationToken);
        foreach (var recording in there.Recordings.Where(recording => Guid.TryParse(recording.Id, out _)))
        {
            await CollectAsync(client, node, recording, cancellationToken);
        }
    }

    private async Task TryCollectAsync(NodeState node, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await CollectAsync(node, patience.Token);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            // An older agent: it records nothing.
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogAway(_logger, node.Name, failure);
        }
    }

    private async Task CollectAsync(
        ConsoleService.ConsoleServiceClient client, NodeState node, ConsoleRecording recording, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(recording.Id);
        var position = await recordings.BeginAsync(ToRecord(id, node, recording.Console), cancellationToken);
        position = await TakeAsync(client, recording.Id, id, position, cancellationToken);

        // What it said of its end it said before it was read, so nothing can have come after that.
        if (recording.Console.Exited is not { } exited || position < recording.Size)
        {
            return;
        }

        var endedAt = recording.Console.EndedAt?.ToDateTimeOffset() ?? _time.GetUtcNow();
        if (await recordings.EndAsync(id, endedAt, ConsoleWords.EndOf(exited), cancellationToken) is { } hash)
        {
            await RecordAsync(node, recording.Console, $"{recording.Id} of {recording.Console.Owner}, {position} bytes, sha256 {hash}");
        }

        await client.RemoveRecordingAsync(new RemoveRecordingRequest { Id = recording.Id }, cancellationToken: cancellationToken);
    }

    private async Task<long> TakeAsync(
        ConsoleService.ConsoleServiceClient client, string name, Guid id, long position, CancellationToken cancellationToken)
    {
        using var call = client.ReadRecording(
            new ReadRecordingRequest { Id = name, Position = position }, cancellationToken: cancellationToken);
        using var piece = new MemoryStream();
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            message.Data.WriteTo(piece);
            position = piece.Length >= PieceSize ? await PutAsync() : position;
        }

        return piece.Length > 0 ? await PutAsync() : position;

        async Task<long> PutAsync()
        {
            var data = piece.ToArray();
            piece.SetLength(0);
            await recordings.AppendAsync(id, position, data, cancellationToken);
            return position + data.Length;
        }
    }

    private async Task PruneAsync(DateTimeOffset now, int days, CancellationToken cancellationToken)
    {
        if (await recordings.PruneAsync(now.AddDays(-days), cancellationToken) is > 0 and var removed)
        {
            var detail = $"{removed} recordings older than {days} days";
            await audit.WriteAsync(
                new AuditEntry(Actor.Portal, "console.prune", "consoles", "", "recordings", null, AuditOutcome.Succeeded, detail),
                CancellationToken.None);
        }
    }

    private static RecordedConsole ToRecord(Guid id, NodeState node, ConsoleInfo console) => new()
    {
        Id = id,
        NodeId = node.Id,
        NodeName = Fit(node.Name, 256),
        ContainerId = Fit(console.Container, 64),
        ContainerName = Fit(node.Containers.GetValueOrDefault(console.Container)?.Name ?? "", 256),
        Name = Fit(console.Name, 256),
        Command = Fit(string.Join(' ', console.Command), 1024),
        OwnerId = Guid.TryParse(console.OwnerId, out var owner) ? owner : Guid.Empty,
        OwnerName = Fit(console.Owner, 256),
        StartedAt = console.StartedAt.ToDateTimeOffset(),
    };

    private static string Fit(string text, int length)
    {
        var clean = text.Replace('\0', '\uFFFD');
        return clean.Length <= length ? clean : clean[..length];
    }

    private Task RecordAsync(NodeState node, ConsoleInfo console, string detail) => audit.WriteAsync(
        new AuditEntry(
            Actor.Portal,
            "console.record",
            console.Container.Length == 0 ? "node" : "container",
            console.Container.Length == 0 ? node.Id.ToString() : console.Container,
            console.Container.Length == 0 ? node.Name : node.Containers.GetValueOrDefault(console.Container)?.Name ?? "",
            node.Id,
            AuditOutcome.Succeeded,
            detail),
        CancellationToken.None);

    [LoggerMessage(5830, LogLevel.Debug, "Recordings of consoles on {Node} can't be taken now.")]
    private static partial void LogAway(ILogger logger, string node, Exception failure);
}
