using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions.Docker;

namespace Portal.Web.Features.Docker;

/// <summary>What of a client's request goes to the node.</summary>
internal static class DockerRequests
{
    // The rest is between the client and the portal, above all the token.
    private static readonly string[] s_headers =
    [
        "Accept", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Upgrade", "User-Agent", "X-Registry-Auth",
        "X-Registry-Config",
    ];

    private static readonly string[] s_names = ["name", "t", "fromImage", "names", "container"];

    /// <exception cref="FormatException">It holds too much.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Of a request that asks for an upgrade and tells no length the body would be the connection, and never end.
        if (request.Headers.Upgrade.Count > 0 && request.ContentLength is null or 0)
        {
            return [];
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + count > DockerRules.LargestCheckedBody)
            {
                throw new FormatException($"The body of this request may hold {DockerRules.LargestCheckedBody} bytes.");
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    public static DockerRequestHead HeadOf(HttpRequest request, string path, byte[] body)
    {
        var head = new DockerRequestHead
        {
            Method = request.Method,
            Path = path,
            Query = request.QueryString.Value ?? "",
            Body = ByteString.CopyFrom(body),
        };
        foreach (var name in s_headers)
        {
            foreach (var value in request.Headers[name])
            {
                head.Headers.Add(new DockerHeader { Name = name, Value = value ?? "" });
            }
        }

        return head;
    }

    /// <summary>What a request is about whose path does not say so; empty for nothing.</summary>
    public static string NameIn(DockerCall call)
    {
        var query = QueryHelpers.ParseQuery(call.Query);
        var names = s_names.Select(key => query.TryGetValue(key, out var value) ? value.ToString() : "");
        var name = names.FirstOrDefault(value => value.Length > 0) ?? "";
        return name[..Math.Min(name.Length, 200)];
    }

    public static int StatusOf(StatusCode code) => code switch
    {
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.InvalidArgument => StatusCodes.Status400BadRequest,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status502BadGateway,
    };
}
