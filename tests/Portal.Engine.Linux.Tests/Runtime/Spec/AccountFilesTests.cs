using Portal.Engine.Linux.Runtime.Users;

namespace Portal.Engine.Linux.Tests.Runtime.Spec;

public sealed class AccountFilesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-accounts-");

    [Fact]
    public void ParsePasswd_HostileLines_AreSkipped()
    {
        const string Text =
            "#comment\n\nshort:x:1\n:x:1:1::/:/\nneg:x:-1:1::/:/\nbig:x:4294967296:1::/:/\nover:x:2147483648:1::/:/\nword:x:a:1::/:/\n"
            + "ok:x:5:6:geckos:/home/ok:/bin/sh\r\n+\nlast:x:7:8::/l:/bin/sh";

        var entries = AccountFiles.ParsePasswd(Text + "\n" + new string('a', 100_000) + ":x:9:9::/:/");

        Assert.Equal([new PasswdEntry("ok", 5, 6, "/home/ok"), new PasswdEntry("last", 7, 8, "/l")], entries);
    }

    [Fact]
    public void ParseGroup_MembersAndHostileLines_AreRead()
    {
        var entries = AccountFiles.ParseGroup("g:x:1:a,b,,\nbad:x:x:a\nh:x:2\n").ToList();

        Assert.Equal(["g", "h"], entries.Select(entry => entry.Name));
        Assert.Equal(["a", "b"], entries[0].Members);
        Assert.Empty(entries[1].Members);
    }

    [Theory]
    [InlineData("daemon-of-nobody")]
    [InlineData("4294967296")]
    [InlineData("2147483648")]
    [InlineData("-1")]
    [InlineData("0:nogroup-here")]
    public void Find_NotThere_IsRefused(string user)
    {
        Assert.Throws<Portal.Engine.Errors.EngineException>(() => UserLookup.Find(_root.FullName, user));
    }

    [Fact]
    public void Find_FileLargerThanTheBound_IsAsIfThereWereNone()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "etc"));
        using (var file = File.Create(Path.Combine(_root.FullName, "etc/passwd")))
        {
            file.Write("ann:x:5:6::/:/\n"u8);
            file.SetLength(1L << 32);
        }

        Assert.Throws<Portal.Engine.Errors.EngineException>(() => UserLookup.Find(_root.FullName, "ann"));
        Assert.Equal(5u, UserLookup.Find(_root.FullName, "5").Uid);
    }

    [Fact]
    public void Find_FirstEntryOfANumber_GivesGroupAndHome()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "etc"));
        File.WriteAllText(Path.Combine(_root.FullName, "etc/passwd"), "a:x:5:6::/a:/\nb:x:5:7::/b:/\n5:x:8:9::/five:/\n");

        Assert.Equal((6u, "/a"), (UserLookup.Find(_root.FullName, "a").Gid, UserLookup.Find(_root.FullName, "a").Home));
        Assert.Equal(8u, UserLookup.Find(_root.FullName, "5").Uid);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
