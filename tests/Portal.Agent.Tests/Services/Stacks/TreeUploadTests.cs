using Google.Protobuf;
using Grpc.Core;
using Portal.Agent.Services.Stacks;
using Portal.Contracts.Stacks;
using Portal.Contracts.Stacks.V1;
using Portal.Engine.Errors;

namespace Portal.Agent.Tests.Services.Stacks;

public sealed class TreeUploadTests
{
    private static readonly PutTreeRequest s_head = new()
    {
        Head = new TreeHead { StackId = new string('5', 32), Digest = new string('d', 64) },
    };

    [Fact]
    public async Task Tree_InPieces_IsWhole()
    {
        var (_, files) = await ReadAsync(s_head, File("a/b", 3), Data(1, 2), Data(3), File("c", 0), File("d", 1), Data(4));

        Assert.Equal(["a/b", "c", "d"], files.Select(file => file.Path));
        Assert.Equal([1, 2, 3], files[0].Content.ToArray());
    }

    public static TheoryData<string> Wrong() =>
        new("/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", "a/./b", "a\\b", "a\nb", "a\0b", new string('a', 513), Deep(40),
            new string('é', 128));

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Path_ThatIsNoneBelowTheFolder_IsRefused(string path) => await RefusedAsync(s_head, File(path, 0));

    [Fact]
    public async Task Messages_OutOfOrderOrBounds_AreRefused()
    {
        await RefusedAsync();
        await RefusedAsync(File("a", 0));
        await RefusedAsync(s_head);
        await RefusedAsync(s_head, Data(1));
        await RefusedAsync(s_head, s_head);
        await RefusedAsync(s_head, File("a", 1));
        await RefusedAsync(s_head, File("a", 1), Data(1, 2));
        await RefusedAsync(s_head, File("a", 2), Data(1), File("b", 0));
        await RefusedAsync(s_head, File("a", -1));
        await RefusedAsync(s_head, File("a", StackTree.LongestFile + 1L));
        await RefusedAsync(s_head, File("a", long.MaxValue));
        await RefusedAsync(s_head, File("a", 0), File("a", 0));
        await RefusedAsync(s_head, File("a", 0), File("a/b", 0));
        await RefusedAsync(s_head, File("", 0), File("a", 0));
        await RefusedAsync(s_head, new PutTreeRequest { File = new TreeFile { Path = "a", Mode = 0b100_111_101_101 } });
        await RefusedAsync(s_head, new PutTreeRequest { File = new TreeFile { Path = "a", UserId = uint.MaxValue } });
        await RefusedAsync([s_head, .. Enumerable.Range(0, StackTree.MostFiles + 1).Select(number => File($"{number}", 0))]);
        await RefusedAsync(Head("../../etc", new string('d', 64)), File("a", 0));
        await RefusedAsync(Head(new string('5', 32), ".."), File("a", 0));
    }

    private static string Deep(int levels) => string.Join('/', Enumerable.Repeat("a", levels));

    private static PutTreeRequest Head(string stack, string digest) => new() { Head = new TreeHead { StackId = stack, Digest = digest } };

    private static PutTreeRequest File(string path, long size) => new()
    {
        File = new TreeFile { Path = path, SizeBytes = size, Mode = 0b110_100_100 },
    };

    private static PutTreeRequest Data(params byte[] bytes) => new() { Data = ByteString.CopyFrom(bytes) };

    private static Task<(TreeHead Head, IReadOnlyList<StackTreeFile> Files)> ReadAsync(params PutTreeRequest[] messages) =>
        new TreeUpload(new Messages(messages)).ReadAsync(default);

    private static async Task RefusedAsync(params PutTreeRequest[] messages)
    {
        var refused = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(messages));
        Assert.Equal(EngineErrorKind.InvalidArgument, refused.Kind);
    }

    private sealed class Messages(IReadOnlyList<PutTreeRequest> messages) : IAsyncStreamReader<PutTreeRequest>
    {
        private int _next = -1;

        public PutTreeRequest Current => messages[_next];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(++_next < messages.Count);
    }
}
