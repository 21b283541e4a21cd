namespace Grpc.Wire;

/// <summary>Names and values of the headers that the protocol uses (gRPC over HTTP2, PROTOCOL-HTTP2.md).</summary>
internal static class GrpcHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string ContentType = "application/grpc";

    /// <summary>Whether a header belongs to the protocol or to HTTP, and so is not part of a call's metadata.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':')
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("te", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("host", StringComparison.OrdinalIgnoreCase)
        || IsProtocol(name);

    /// <summary>Whether a content type is gRPC's: <c>application/grpc</c>, alone or with a format or parameters.</summary>
    public static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');

    private static bool IsProtocol(string name) =>
        name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
        && (name.Equals(Status, StringComparison.OrdinalIgnoreCase)
            || name.Equals(Message, StringComparison.OrdinalIgnoreCase)
            || name.Equals(Timeout, StringComparison.OrdinalIgnoreCase)
            || name.Equals(Encoding, StringComparison.OrdinalIgnoreCase)
            || name.Equals(AcceptEncoding, StringComparison.OrdinalIgnoreCase));
}
