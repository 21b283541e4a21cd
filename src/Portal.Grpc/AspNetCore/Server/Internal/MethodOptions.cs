namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The settings of a service's methods, merged of those of all services and its own.</summary>
internal sealed record MethodOptions(
    int? MaxReceiveMessageSize,
    int? MaxSendMessageSize,
    bool DetailedErrors,
    IReadOnlyList<InterceptorRegistration> Interceptors)
{
    public static MethodOptions Merge(GrpcServiceOptions all, GrpcServiceOptions own) => new(
        own.MaxReceiveMessageSizeSpecified ? own.MaxReceiveMessageSize
            : all.MaxReceiveMessageSizeSpecified ? all.MaxReceiveMessageSize
            : GrpcServiceOptions.DefaultMaxReceiveMessageSize,
        own.MaxSendMessageSize ?? all.MaxSendMessageSize,
        own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
        [.. all.Interceptors, .. own.Interceptors]);
}
