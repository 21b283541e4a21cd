using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace Portal.Grpc.Tests.Hosting;

/// <summary>Calls made by hand, byte by byte, as a hostile or foreign client would.</summary>
internal static class RawCalls
{
    public static byte[] Frame(byte[] payload, byte flag = 0, uint? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public static HttpRequestMessage Create(string address, string method, byte[] body, string type = "application/grpc")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/portal.testing.echo.v1.Echo/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add("te", "trailers");
        return request;
    }

    /// <summary>Sends a call; answers with its status (null when there was none) and the response.</summary>
    public static async Task<(StatusCode? Status, HttpResponseMessage Response)> SendAsync(
        HttpClient http,
        HttpRequestMessage request)
    {
        var response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var found = response.Headers.TryGetValues("grpc-status", out var values)
            || response.TrailingHeaders.TryGetValues("grpc-status", out values);
        return (found ? (StatusCode)int.Parse(values!.Single(), CultureInfo.InvariantCulture) : null, response);
    }
}
