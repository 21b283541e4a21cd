using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Web.Access;

namespace Portal.Web.Nodes.Upgrades;

/// <summary>Sends an agent's archive to a node, over its link.</summary>
/// <remarks>Singleton; keeps no state.</remarks>
internal sealed class AgentSender(INodeClients clients, TimeProvider time)
{
    private const int Part = 128 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>Sends it, and waits until the node has checked it and says that it goes over to it.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="upgradeId">The upgrade's name.</param>
    /// <param name="offer">The agent.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="sent">Called after each part with the bytes that the node has.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="RpcException">The node did not take it, or the link was cut.</exception>
    /// <exception cref="IOException">The archive can't be read here.</exception>
    public async Task SendAsync(
        Guid nodeId, Guid upgradeId, AgentOffer offer, Actor actor, Action<long> sent, CancellationToken cancellationToken)
    {
        var client = new SystemService.SystemServiceClient(clients.For(nodeId, actor, PermissionNames.NodesManage));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var archive = File.OpenRead(offer.Path);
        using var call = client.UpgradeAgent(deadline: (time.GetUtcNow() + s_patience).UtcDateTime, cancellationToken: stop.Token);
        var sending = PassAsync(call.RequestStream, archive, upgradeId, offer, sent, stop);
        try
        {
            // An answer before all was sent is a refusal, and tells more than the sending's failure.
            await call.ResponseAsync;
        }
        catch (RpcException) when (sending.Exception?.InnerException is IOException failure)
        {
            throw new IOException(failure.Message, failure);
        }
        finally
        {
            await stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PassAsync(
        IClientStreamWriter<UpgradeAgentRequest> parts, Stream archive, Guid upgradeId, AgentOffer offer, Action<long> sent,
        CancellationTokenSource stop)
    {
        var first = new UpgradeOffer
        {
            UpgradeId = upgradeId.ToString("D"), Build = offer.Build, Sha256 = offer.Sha256, SizeBytes = offer.Size,
        };
        try
        {
            await parts.WriteAsync(new UpgradeAgentRequest { Offer = first }, stop.Token);
            var (buffer, total) = (new byte[Part], 0L);
            while (await archive.ReadAsync(buffer, stop.Token) is > 0 and var count)
            {
                await parts.WriteAsync(new UpgradeAgentRequest { Data = ByteString.CopyFrom(buffer, 0, count) }, stop.Token);
                total += count;
                sent(total);
            }

            await parts.CompleteAsync();
        }
        catch (IOException)
        {
            // The rest can't be read: nobody would end the call.
            await stop.CancelAsync();
            throw;
        }
    }
}
