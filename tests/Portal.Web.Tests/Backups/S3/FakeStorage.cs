using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.Web.Backups.S3;
using Portal.Web.Backups.Stores;

namespace Portal.Web.Tests.Backups.S3;

/// <summary>A storage with one bucket that asks for signatures, and fails when it is told to.</summary>
internal sealed class FakeStorage : IAsyncDisposable
{
    public const string Bucket = "backups";
    private readonly WebApplication _host;
    private int _uploads;

    private FakeStorage(WebApplication host) => _host = host;

    public S3Credentials Credentials { get; } = new("key", "a secret that signs");

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    public ConcurrentDictionary<string, SortedDictionary<int, byte[]>> Uploads { get; } = new();

    /// <summary>Answers a request in the storage's place; null leaves it to the storage.</summary>
    public Func<HttpRequest, IResult?> Instead { get; set; } = _ => null;

    public int PageSize { get; set; } = 1000;

    public int Requests { get; private set; }

    public Uri Endpoint => new(_host.Urls.First());

    public static async Task<FakeStorage> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var host = builder.Build();
        var storage = new FakeStorage(host);
        host.Run(async context => await (await storage.AnswerAsync(context.Request)).ExecuteAsync(context));
        await host.StartAsync();
        return storage;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public S3Client CreateClient(S3Credentials? credentials = null) =>
        new(new S3Bucket(Endpoint, "eu-test-1", Bucket), credentials ?? Credentials, new HttpClient(), TimeProvider.System);

    public S3Store CreateStore(string prefix = "portal/") => new(CreateClient(), Bucket, prefix);

    public static IResult Error(int status, string code) =>
        Results.Text($"<Error><Code>{code}</Code><Message>told so</Message></Error>", "application/xml", Encoding.UTF8, status);

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        Requests++;
        using var kept = new MemoryStream();
        await request.Body.CopyToAsync(kept);
        var body = kept.ToArray();
        if (!IsSigned(request, body))
        {
            return Error(403, "SignatureDoesNotMatch");
        }

        if (Instead(request) is { } other)
        {
            return other;
        }

        var path = request.Path.Value!;
        var (key, query) = (path.Length > Bucket.Length + 2 ? path[(Bucket.Length + 2)..] : "", request.Query);
        var upload = query["uploadId"].ToString();
        switch (request.Method)
        {
            case "GET" when query.ContainsKey("list-type"):
                return List(query["prefix"].ToString(), query["continuation-token"].ToString());
            case "GET":
                return Objects.TryGetValue(key, out var there) ? Results.Bytes(there) : Error(404, "NoSuchKey");
            case "PUT" when upload.Length > 0:
                Uploads[upload][int.Parse(query["partNumber"]!, CultureInfo.InvariantCulture)] = body;
                request.HttpContext.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"";
                return Results.Ok();
            case "PUT":
                Objects[key] = body;
                return Results.Ok();
            case "POST" when query.ContainsKey("uploads"):
                var id = $"upload {Interlocked.Increment(ref _uploads)}/+";
                Uploads[id] = [];
                return Results.Text($"<r xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><UploadId>{id}</UploadId></r>");
            case "POST":
                Uploads.TryRemove(upload, out var parts);
                Objects[key] = [.. parts!.Values.SelectMany(part => part)];
                return Results.Text("<CompleteMultipartUploadResult/>");
            default:
                Uploads.TryRemove(upload, out _);
                return upload.Length > 0 || Objects.TryRemove(key, out _) ? Results.NoContent() : Error(404, "NoSuchKey");
        }
    }

    private IResult List(string prefix, string after)
    {
        var rest = Objects.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)
                && string.CompareOrdinal(item.Key, after) > 0).OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
        var page = rest.Take(PageSize).ToList();
        var items = string.Concat(page.Select(item => $"<Contents><Key>{item.Key}</Key><Size>{item.Value.Length}</Size></Contents>"));
        var more = rest.Count > page.Count
            ? $"<IsTruncated>true</IsTruncated><NextContinuationToken>{page[^1].Key}</NextContinuationToken>" : "<IsTruncated>false</IsTruncated>";
        return Results.Text($"<ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>{more}{items}</ListBucketResult>");
    }

    // Made anew from what came, as a storage does; the documented examples say that it is made right.
    private bool IsSigned(HttpRequest request, byte[] body)
    {
        using var again = new HttpRequestMessage(
            new HttpMethod(request.Method), $"{request.Scheme}://{request.Host}{request.HttpContext.Features
                .Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}");
        var moment = DateTimeOffset.ParseExact(
            request.Headers["x-amz-date"].ToString(), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        S3Signature.Sign(again, S3Signature.HashOf(body), "eu-test-1", Credentials, moment);
        return again.Headers.GetValues("Authorization").Single() == request.Headers.Authorization.ToString();
    }
}
