using Portal.Engine.Linux.Interop;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Trees;

/// <summary>A tree with one of everything that a layer can hold, and all that can be seen of a tree.</summary>
internal static class EveryKind
{
    private static readonly byte[] s_capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Read 4, execute by user 1000 besides: an access list (linux/posix_acl_xattr.h).</summary>
    private static readonly byte[] s_accessList =
    [
        2, 0, 0, 0,
        1, 0, 6, 0, 255, 255, 255, 255,
        2, 0, 5, 0, 0xE8, 3, 0, 0,
        4, 0, 4, 0, 255, 255, 255, 255,
        0x10, 0, 5, 0, 255, 255, 255, 255,
        0x20, 0, 4, 0, 255, 255, 255, 255,
    ];

    private const string Script = """
        set -e
        cd "$1"
        mkdir -p dir/sub 'dir/white space' dir/ünïcode
        printf content > dir/file
        chown 1000:1001 dir/file; chmod 4750 dir/file
        touch -d '2001-02-03 04:05:06.789012345 UTC' dir/file
        ln dir/file dir/sub/hard
        ln dir/file another
        ln -s ../nowhere dir/link; chown -h 7:8 dir/link; touch -h -d '1969-12-31 23:59:58.25 UTC' dir/link
        ln -s "$(printf 'l%.0s' $(seq 300))" dir/longlink
        mknod dir/null c 1 3; mknod dir/loop b 7 200; mkfifo dir/fifo; chmod 622 dir/fifo
        cp /bin/busybox dir/ping; : > dir/listed
        truncate -s 20M dir/sparse; printf end | dd of=dir/sparse bs=1 seek=10000000 conv=notrunc status=none
        long=$(printf 'n%.0s' $(seq 120)); mkdir -p "dir/$long/$long"; echo deep > "dir/$long/$long/$long"
        chown 3000000:3000001 "dir/$long"
        printf x > "$(printf 'dir/latin-\377')"
        mkdir dir/sticky; chmod 3777 dir/sticky
        : > dir/empty
        touch -d '1999-01-01 UTC' dir/sub dir
        """;

    private const string Look = """
        cd "$1"
        find . -mindepth 1 -printf '%P\t%y\t%m\t%U:%G\t%n\t%l\t%T@\t' \( -type f -printf '%s' -o -true \) -printf '\n' | LC_ALL=C sort
        find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
        find . -type c -o -type b | LC_ALL=C sort | xargs -r stat -c '%n %t:%T'
        """;

    public static async Task MakeAsync(string root)
    {
        await Tool.RunAsync("bash", "-c", Script, "bash", root);
        Set(root + "/dir/ping", "security.capability", s_capability);
        Set(root + "/dir/file", "user.note", [0x00, 0xFF, 0x80]);
        Set(root + "/dir/listed", "system.posix_acl_access", s_accessList);
        using var folder = FileCalls.OpenFolder(root + "/dir/sub");
        Assert.Equal(0, FileCalls.TrySetAttribute(folder, "user.empty", []));
    }

    public static async Task<string> DescribeAsync(string root)
    {
        var text = await Tool.RunAsync("bash", "-c", Look, "bash", root);
        return text + string.Join('\n', Attributes(root, "").Order(StringComparer.Ordinal));
    }

    private static void Set(string path, string name, byte[] value)
    {
        using var file = File.OpenHandle(path);
        Assert.Equal(0, FileCalls.TrySetAttribute(file, name, value));
    }

    private static IEnumerable<string> Attributes(string root, string path)
    {
        using var folder = FileCalls.OpenFolder(root + path);
        foreach (var name in FileCalls.ListAttributes(folder, path).Where(name => !name.StartsWith("trusted.", StringComparison.Ordinal)))
        {
            yield return $"{path} {name} {Convert.ToHexString(FileCalls.GetAttribute(folder, name)!)}";
        }

        foreach (var file in new DirectoryInfo(root + path).EnumerateFiles().Where(file => file.UnixFileMode != UnixFileMode.None))
        {
            if (file.LinkTarget is null && FileStatus.Read(file.FullName) is { IsRegular: true })
            {
                using var handle = File.OpenHandle(file.FullName);
                foreach (var name in FileCalls.ListAttributes(handle, file.Name))
                {
                    yield return $"{path}/{file.Name} {name} {Convert.ToHexString(FileCalls.GetAttribute(handle, name)!)}";
                }
            }
        }

        foreach (var child in new DirectoryInfo(root + path).EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            foreach (var line in Attributes(root, $"{path}/{child.Name}"))
            {
                yield return line;
            }
        }
    }
}
