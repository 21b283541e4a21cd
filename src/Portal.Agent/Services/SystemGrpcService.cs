using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Agent.Link;
using Portal.Agent.Link.Keys;
using Portal.Agent.Services.Disk;
using Portal.Contracts.System.V1;
using Portal.Engine.Networks;

namespace Portal.Agent.Services;

internal sealed class SystemGrpcService(NodeDescription description, INetworks networks, KeyRotation rotation, DiskUsage disk)
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
}
