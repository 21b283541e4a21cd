using System.Reflection;
using Grpc.Core;
using Portal.Grpc.Tests.Echo.V1;

namespace Portal.Grpc.Tests;

public sealed class GeneratedCodeTests
{
    [Fact]
    public void BindService_OfGeneratedStub_AddsEveryMethod()
    {
        var binder = new RecordingBinder();
        typeof(Echo.V1.Echo).GetMethod("BindService", [typeof(ServiceBinderBase), typeof(Echo.V1.Echo.EchoBase)])!
            .Invoke(null, [binder, null]);

        Assert.Equal(8, binder.Methods.Count);
        Assert.Contains("/portal.testing.echo.v1.Echo/Chat", binder.Methods);
    }

    [Fact]
    public void BindServiceMethodAttribute_OfGeneratedBase_NamesTheBinder()
    {
        var attribute = typeof(Echo.V1.Echo.EchoBase).GetCustomAttribute<BindServiceMethodAttribute>()!;

        Assert.Equal(typeof(Echo.V1.Echo), attribute.BindType);
        Assert.Equal("BindService", attribute.BindMethodName);
    }

    private sealed class RecordingBinder : ServiceBinderBase
    {
        public List<string> Methods { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);
    }
}
