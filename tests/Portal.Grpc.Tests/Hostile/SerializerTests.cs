using System.Buffers;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Hostile;

/// <summary>Serializers that do not do what they announce, on the server's side and on the client's.</summary>
public sealed class SerializerTests
{
    private static readonly Method<string, string> s_plain = CreateMethod(Write);

    public static TheoryData<string, string, StatusCode> Ways => new()
    {
        { "array", "hello", StatusCode.OK },
        { "announced", "hello", StatusCode.OK },
        { "unannounced", "hello", StatusCode.OK },
        { "nothing", "", StatusCode.OK },
        { "throws at once", "", StatusCode.Internal },
        { "never completes", "", StatusCode.Internal },
        { "throws half-way", "", StatusCode.Internal },
        { "too little", "", StatusCode.Internal },
        { "too much", "", StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Response_SerializedThisWay_ArrivesWholeOrNotAtAll(string way, string expected, StatusCode status)
    {
        await using var server = await GrpcTestServer.StartAsync<WayService>();
        var invoker = server.Channel.CreateCallInvoker();

        using var call = invoker.AsyncUnaryCall(s_plain, null, default, way);
        var exception = status == StatusCode.OK
            ? null
            : await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(status, exception?.StatusCode ?? StatusCode.OK);
        if (exception is null)
        {
            Assert.Equal(expected, await call);
        }

        using var next = invoker.AsyncUnaryCall(s_plain, null, default, "array");
        Assert.Equal("hello", await next);
    }

    private static Method<string, string> CreateMethod(Action<string, SerializationContext> serialize) => new(
        MethodType.Unary,
        "portal.testing.Ways",
        "Take",
        Marshallers.StringMarshaller,
        Marshallers.Create(serialize, context => Encoding.UTF8.GetString(context.PayloadAsReadOnlySequence())));

    private static void Write(string way, SerializationContext context)
    {
        var hello = "hello"u8;
        switch (way)
        {
            case "array":
                context.Complete(hello.ToArray());
                return;
            case "nothing":
                context.SetPayloadLength(0);
                break;
            case "unannounced":
                context.GetBufferWriter().Write(hello);
                break;
            case "throws at once":
                throw new FormatException();
            case "never completes":
                context.GetBufferWriter().Write(hello);
                return;
            default:
                context.SetPayloadLength(way switch { "too little" or "throws half-way" => 6, "too much" => 4, _ => 5 });
                context.GetBufferWriter().Write(hello);
                break;
        }

        if (way == "throws half-way")
        {
            throw new FormatException();
        }

        context.Complete();
    }

    [BindServiceMethod(typeof(WayService), nameof(Bind))]
    private sealed class WayService
    {
        public static void Bind(ServiceBinderBase binder, WayService? service) =>
            binder.AddMethod(s_plain, service is null ? null : new UnaryServerMethod<string, string>(service.Take));

        public Task<string> Take(string request, ServerCallContext context) => Task.FromResult(request);
    }
}
