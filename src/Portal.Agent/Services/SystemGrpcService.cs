using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Agent.Link;
using Portal.Agent.Link.Keys;
using Portal.Agent.Services.Disk;
using Portal.Agent.Upgrades;
using Portal.Contracts.System.V1;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Agent.Services;

internal sealed class SystemGrpcService(
    NodeDescription description, INetworks networks, KeyRotation rotation, DiskUsage disk, AgentUpgrade upgrade)
    : SystemService.SystemServiceBase
{
    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context) =>
        Task.FromResult(new PingResponse());

    public override async Task<GetInfoResponse> GetInfo(GetInfoRequest request, ServerCallContext context)
    {
        var (facts, runtime) = await description.ReadAsync(context.CancellationToken).ConfigureAwait(false);
        var info = new NodeInfo
        {
            Hostname = facts.Hostname,
            OperatingSystem = facts.OperatingSystem,
            KernelVersion = facts.KernelVersion,
            Architecture = facts.Architecture,
            Cpus = facts.Cpus,
            MemoryBytes = facts.MemoryBytes,
            AgentVersion = facts.AgentVersion,
            RuntimeName = runtime.Name,
            RuntimeVersion = runtime.Version,
            MonitorVersion = facts.MonitorVersion,
            CgroupVersion = facts.CgroupVersion,
            StorageDriver = facts.StorageDriver,
            InstanceName = facts.InstanceName,
            DockerSocket = facts.DockerSocket,
            AgentStartedAt = Timestamp.FromDateTimeOffset(description.AgentStartedAt),
            BootedAt = Mapping.ToTimestamp(facts.BootedAt),
            HasBusybox = facts.HasBusybox,
            RemapsUsers = facts.RemapsUsers == true,
            AgentBuild = facts.AgentBuild,
        };
        info.Warnings.AddRange(facts.Warnings);
        return new GetInfoResponse { Info = info };
    }

    public override Task<MeasureDiskResponse> MeasureDisk(MeasureDiskRequest request, ServerCallContext context) =>
        disk.MeasureAsync(context.CancellationToken);

    public override async Task<RotateKeyResponse> RotateKey(RotateKeyRequest request, ServerCallContext context)
    {
        try
        {
            return new RotateKeyResponse { Fingerprint = await rotation.BeginAsync(context.CancellationToken).ConfigureAwait(false) };
        }
        catch (LinkException failure)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, failure.Message, failure));
        }
    }

    public override async Task<UpgradeAgentResponse> UpgradeAgent(
        IAsyncStreamReader<UpgradeAgentRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current is not { EventCase: UpgradeAgentRequest.EventOneofCase.Offer } first)
        {
            throw EngineException.InvalidArgument("The first message must offer a version.");
        }

        var offer = first.Offer;
        var offered = new OfferedVersion(
            Guid.TryParseExact(offer.UpgradeId, "D", out var id) ? id : Guid.Empty, offer.Build, offer.Sha256, offer.SizeBytes);
        var archive = new UploadStream<UpgradeAgentRequest>(requestStream, Unwrap);
        await using (archive.ConfigureAwait(false))
        {
            await upgrade.TakeAsync(offered.Check(), archive, context.CancellationToken).ConfigureAwait(false);
        }

        return new UpgradeAgentResponse();
    }

    public override async Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context)
    {
        var all = await networks.ListAsync(context.CancellationToken).ConfigureAwait(false);
        var response = new ListNetworksResponse();
        response.Networks.AddRange(all.Select(network => new Network
        {
            Id = network.Id,
            Name = network.Name,
            Driver = network.Driver,
            Subnet = network.Subnet,
            Gateway = network.Gateway,
            InterfaceName = network.InterfaceName,
            CreatedAt = Timestamp.FromDateTimeOffset(network.Created),
        }));
        return response;
    }

    private static ByteString Unwrap(UpgradeAgentRequest request)
    {
        return request.EventCase == UpgradeAgentRequest.EventOneofCase.Data
            ? request.Data
            : throw EngineException.InvalidArgument("After the first message only data may come.");
    }
}
