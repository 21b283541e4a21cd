using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Interop;

/// <summary>Our server under calls of a foreign client; client.js holds the cases and what they expect.</summary>
public sealed class NodeClientTests(NodePeer peer) : IClassFixture<NodePeer>
{
    [Theory]
    [InlineData("unary")]
    [InlineData("metadata")]
    [InlineData("collect")]
    [InlineData("repeat")]
    [InlineData("chat")]
    [InlineData("fail")]
    [InlineData("everyStatus")]
    [InlineData("deadline")]
    [InlineData("deadlineOfStream")]
    [InlineData("cancel")]
    [InlineData("cancelOfStream")]
    [InlineData("large")]
    [InlineData("tooLarge")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("concurrent")]
    [InlineData("unimplemented")]
    public async Task Call_FromForeignClient_Holds(string name)
    {
        await using var server = await GrpcTestServer.StartAsync(o => o.MaxReceiveMessageSize = 32 << 20);

        await peer.RunClientAsync(server.Address, name);
    }
}
