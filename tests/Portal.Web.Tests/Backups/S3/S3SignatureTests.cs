using System.Globalization;
using System.Text;
using Portal.Web.Backups.S3;

namespace Portal.Web.Tests.Backups.S3;

/// <summary>The examples with their signatures from S3's documentation of Signature Version 4.</summary>
public sealed class S3SignatureTests
{
    private static readonly S3Credentials s_example = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    private static readonly DateTimeOffset s_moment = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly S3Bucket s_bucket = new(new Uri("https://s3.amazonaws.com"), "us-east-1", "examplebucket", InPath: false);

    [Fact]
    public void Sign_GetOfARange_IsAsDocumented() => Assert.Equal(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        Signed(HttpMethod.Get, "test.txt", "", request => request.Headers.TryAddWithoutValidation("Range", "bytes=0-9")));

    [Fact]
    public void Sign_PutWithASignInItsName_IsAsDocumented() => Assert.Equal(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        Signed(
            HttpMethod.Put, "test$file.text", "",
            request =>
            {
                request.Headers.TryAddWithoutValidation("Date", "Fri, 24 May 2013 00:00:00 GMT");
                request.Headers.TryAddWithoutValidation("x-amz-storage-class", "REDUCED_REDUNDANCY");
            },
            "Welcome to Amazon S3."));

    [Fact]
    public void Sign_QueryWithoutAValue_IsAsDocumented() => Assert.Equal(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        Signed(HttpMethod.Get, "", S3Bucket.QueryOf(("lifecycle", ""))));

    [Fact]
    public void Sign_List_IsAsDocumented() => Assert.Equal(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        Signed(HttpMethod.Get, "", S3Bucket.QueryOf(("prefix", "J"), ("max-keys", "2"))));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a\nb")]
    public void AddressOf_NameThatLeadsElsewhere_IsRefused(string key) =>
        Assert.Throws<S3Exception>(() => s_bucket.AddressOf(key, ""));

    [Theory]
    [InlineData("a b+c", "/examplebucket/a%20b%2Bc")]
    [InlineData("é/~x", "/examplebucket/%C3%A9/~x")]
    public void AddressOf_AnyName_IsEncodedOnce(string key, string path) =>
        Assert.Equal(path, (s_bucket with { InPath = true }).AddressOf(key, "").AbsolutePath);

    [Theory]
    [InlineData("https://s3.example/path", "bucket")]
    [InlineData("ftp://s3.example", "bucket")]
    [InlineData("https://me:secret@s3.example", "bucket")]
    [InlineData("https://s3.example", "Bucket")]
    [InlineData("https://s3.example", "b/c")]
    [InlineData("https://s3.example", "a..b")]
    public void Problem_OfWhatIsNoBucket_IsTold(string endpoint, string name) =>
        Assert.NotNull(new S3Bucket(new Uri(endpoint), "us-east-1", name).Problem());

    private static string Signed(
        HttpMethod method, string key, string query, Action<HttpRequestMessage>? prepare = null, string body = "")
    {
        using var request = new HttpRequestMessage(method, s_bucket.AddressOf(key, query));
        Assert.Equal("examplebucket.s3.amazonaws.com", request.RequestUri!.Authority);
        prepare?.Invoke(request);
        S3Signature.Sign(request, S3Signature.HashOf(Encoding.UTF8.GetBytes(body)), "us-east-1", s_example, s_moment);
        var authorization = string.Join("", request.Headers.GetValues("Authorization"));
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"AWS4-HMAC-SHA256 Credential={s_example.AccessKey}/{s_moment:yyyyMMdd}/us-east-1/s3/"),
            authorization, StringComparison.Ordinal);
        return authorization[(authorization.LastIndexOf('=') + 1)..];
    }
}
