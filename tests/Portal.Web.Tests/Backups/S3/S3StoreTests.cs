using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Portal.Web.Backups.S3;
using Portal.Web.Backups.Stores;

namespace Portal.Web.Tests.Backups.S3;

public sealed class S3StoreTests : IAsyncLifetime
{
    private FakeStorage _storage = null!;

    public async Task InitializeAsync() => _storage = await FakeStorage.StartAsync();

    public async Task DisposeAsync() => await _storage.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(S3Upload.PartSize)]
    [InlineData(S3Upload.PartSize + 1)]
    [InlineData((2 * S3Upload.PartSize) + 17)]
    public async Task Write_AnyLength_IsReadBack(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        using var store = _storage.CreateStore();

        var stored = await WriteAsync(store, "a b", bytes);

        Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (stored.Bytes, stored.Digest));
        Assert.Equal(bytes, _storage.Objects["portal/a b"]);
        Assert.Empty(_storage.Uploads);
        await using var read = await store.OpenAsync("a b", default);
        using var back = new MemoryStream();
        await read.CopyToAsync(back);
        Assert.Equal(bytes, back.ToArray());
        await store.RemoveAsync("a b", default);
        await store.RemoveAsync("a b", default);
        Assert.Empty(_storage.Objects);
    }

    [Fact]
    public async Task Write_OverAnother_IsRefused()
    {
        using var store = _storage.CreateStore();
        await WriteAsync(store, "one", [1]);

        await Assert.ThrowsAsync<S3Exception>(() => WriteAsync(store, "one", [2]));

        Assert.Equal([1], _storage.Objects["portal/one"]);
    }

    [Fact]
    public async Task Write_ThatBreaksOff_LeavesNothing()
    {
        using var store = _storage.CreateStore();

        await Assert.ThrowsAsync<InvalidDataException>(() => store.WriteAsync(
            "one",
            async target =>
            {
                await target.WriteAsync(new byte[(2 * S3Upload.PartSize) + 1]);
                throw new InvalidDataException();
            },
            default));

        Assert.Empty(_storage.Objects);
        Assert.Empty(_storage.Uploads);
    }

    [Fact]
    public async Task Write_WhileTheStorageFailsNowAndThen_GoesOn()
    {
        var number = 0;
        _storage.Instead = _ => ++number % 3 == 0 ? FakeStorage.Error(503, "SlowDown") : null;
        var bytes = RandomNumberGenerator.GetBytes(S3Upload.PartSize + 1);
        using var store = _storage.CreateStore();

        await WriteAsync(store, "one", bytes);

        Assert.Equal(bytes, _storage.Objects["portal/one"]);
    }

    [Fact]
    public async Task Write_WithAnotherSecret_IsRefusedAtOnceWithoutTellingIt()
    {
        using var client = _storage.CreateClient(_storage.Credentials with { SecretKey = "not that one" });
        using var store = new S3Store(client, FakeStorage.Bucket, "");

        var refused = await Assert.ThrowsAsync<S3Exception>(() => WriteAsync(store, "one", [1]));

        Assert.Equal("SignatureDoesNotMatch", refused.Code);
        Assert.DoesNotContain("not that one", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _storage.Requests);
    }

    [Fact]
    public async Task Complete_RefusedWithinASuccess_IsAFailure()
    {
        _storage.Instead = request => request.Method == "POST" && request.Query.ContainsKey("uploadId")
            ? FakeStorage.Error(200, "InternalError") : null;
        using var store = _storage.CreateStore();

        await Assert.ThrowsAsync<S3Exception>(() => WriteAsync(store, "one", new byte[S3Upload.PartSize + 1]));

        Assert.Empty(_storage.Uploads);
    }

    [Fact]
    public async Task Write_ThatTheStorageDidNotKeep_IsAFailure()
    {
        _storage.Instead = request => request.Method == "PUT" ? Results.Ok() : null;
        using var store = _storage.CreateStore();

        await Assert.ThrowsAsync<S3Exception>(() => WriteAsync(store, "one", [1, 2, 3]));
    }

    [Fact]
    public async Task List_OfSeveralPages_HasAllOfItsPrefix()
    {
        _storage.PageSize = 2;
        for (var number = 0; number < 7; number++)
        {
            _storage.Objects[$"portal/{number}"] = [];
        }

        _storage.Objects["portal/below/8"] = [];
        _storage.Objects["other"] = [];
        using var store = _storage.CreateStore();

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], await store.ListAsync(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")]
    [InlineData("<a><a><a>")]
    public async Task List_OfWhatIsNoAnswer_IsAFailure(string answer)
    {
        _storage.Instead = _ => Results.Text(answer);
        using var store = _storage.CreateStore();

        await Assert.ThrowsAsync<S3Exception>(() => store.ListAsync(default));
    }

    [Fact]
    public async Task List_ThatNeverEnds_IsBrokenOff()
    {
        _storage.Instead = _ => Results.Text(
            "<r><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></r>");
        using var store = _storage.CreateStore();

        await Assert.ThrowsAsync<S3Exception>(() => store.ListAsync(default));

        _storage.Instead = _ => Results.Text("<r>" + new string(' ', S3Answers.MaximumSize) + "</r>");
        await Assert.ThrowsAsync<S3Exception>(() => store.ListAsync(default));
    }

    private static Task<StoredBackup> WriteAsync(S3Store store, string name, byte[] bytes) =>
        store.WriteAsync(name, target => target.WriteAsync(bytes).AsTask(), default);
}
