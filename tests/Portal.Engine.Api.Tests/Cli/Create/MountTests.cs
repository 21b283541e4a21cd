using Portal.Testing.Processes;

namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>Volumes, binds and memory that containers are given.</summary>
public sealed class MountTests(EngineFixture engine) : CreateTestBase(engine)
{
    [Fact]
    public async Task VolumesFrom_Others_HaveTheirMounts()
    {
        await using var donor = await BoxAsync("--name", "vf-donor", "-v", "vf-named:/data", "-v", $"{Engine.Instance.TempRoot}:/host",
            "--tmpfs", "/t");
        await using var taker = await BoxAsync("--volumes-from", "vf-donor:ro", "--tmpfs", "/own");
        await donor.ShellAsync("echo there > /data/x");

        Assert.Equal("there", await taker.ShellAsync("cat /data/x"));
        Assert.Contains("Read-only", await taker.ShellAsync("touch /data/y 2>&1; true"));
        Assert.Equal("[vf-donor:ro]", await taker.InspectAsync("{{.HostConfig.VolumesFrom}}"));
        Assert.Contains("No such container: nobody", await RefusedAsync("--volumes-from", "nobody"));
        Assert.Contains("invalid mode: bad", await RefusedAsync("--volumes-from", "vf-donor:bad"));
    }

    [Fact]
    public async Task Mounts_WithOptions_AreAsAsked()
    {
        var source = Directory.CreateDirectory(Engine.Instance.TempPath("mounted")).FullName;
        var inner = Directory.CreateDirectory(Path.Combine(source, "inner")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", inner);
        Engine.Instance.OnDispose(() => Tool.RunAsync("umount", inner));
        await using var box = await BoxAsync(
            "--mount", $"type=bind,source={source},target=/ro,readonly",
            "--mount", $"type=bind,source={source},target=/flat,bind-recursive=disabled",
            "--mount", $"type=bind,source={source},target=/outer-ro,readonly,bind-recursive=writable",
            "--mount", "type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=0700",
            "--mount", "type=volume,source=labelled,target=/v,volume-label=a=b,volume-nocopy",
            "--tmpfs", "/x:exec,size=64k");

        Assert.Contains("Read-only", await box.ShellAsync("touch /ro/x 2>&1; true"));
        Assert.Contains("Read-only", await box.ShellAsync("touch /ro/inner/x 2>&1; true"));
        Assert.Equal("0", await box.ShellAsync("grep -c ' /flat/inner ' /proc/mounts; true"));
        Assert.Contains("Read-only", await box.ShellAsync("touch /outer-ro/x 2>&1; true"));
        Assert.Equal("", await box.ShellAsync("touch /outer-ro/inner/x 2>&1; true"));
        Assert.Equal("700 1.0M", await box.ShellAsync("echo $(stat -c %a /t) $(df -h /t | tail -1 | awk '{print $2}')"));
        Assert.Equal("0", await box.ShellAsync("grep ' /x ' /proc/mounts | grep -c noexec; true"));
        Assert.Equal("map[a:b]", await Docker.GetAsync("volume", "inspect", "--format", "{{.Labels}}", "labelled"));
        Assert.Equal("bind bind bind tmpfs volume",
            await box.InspectAsync("{{range $i, $m := .HostConfig.Mounts}}{{if $i}} {{end}}{{$m.Type}}{{end}}"));
    }

    [Fact]
    public async Task Mounts_Shared_PassOnToTheHost()
    {
        var source = Directory.CreateDirectory(Engine.Instance.TempPath("shared")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", source);
        Engine.Instance.OnDispose(() => Tool.RunAsync("umount", "--recursive", source));
        var refused = await Docker.RunAsync("run", "--rm", "-v", $"{source}:/s:rshared", "busybox", "true");
        Assert.Contains("but it is not a shared mount", refused.Error);
        await Tool.RunAsync("mount", "--make-shared", source);
        await using var box = await BoxAsync("--cap-add", "SYS_ADMIN", "-v", $"{source}:/s:rshared");

        await box.ShellAsync("mkdir /s/in && mount -t tmpfs none /s/in && touch /s/in/seen");

        Assert.True(File.Exists(Path.Combine(source, "in/seen")));
        Assert.Equal("rshared", await box.InspectAsync("{{(index .Mounts 0).Propagation}}"));
    }

    [Fact]
    public async Task Mounts_Slave_SeeWhatTheHostMountsLaterAndOthersDoNot()
    {
        var source = Directory.CreateDirectory(Engine.Instance.TempPath("slave")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", source);
        Engine.Instance.OnDispose(() => Tool.RunAsync("umount", "--recursive", source));
        await Tool.RunAsync("mount", "--make-shared", source);
        await using var box = await BoxAsync(
            "--cap-add", "SYS_ADMIN", "--mount", $"type=bind,source={source},target=/slave,bind-propagation=rslave,consistency=cached",
            "--volume", $"{source}:/private");

        var later = Directory.CreateDirectory(Path.Combine(source, "later")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", later);
        File.WriteAllText(Path.Combine(later, "seen"), "");

        Assert.Equal("/slave/later/seen", await box.ShellAsync("ls /slave/later/seen /private/later/seen 2>/dev/null; true"));
        await box.ShellAsync("mkdir /slave/own && mount -t tmpfs none /slave/own && touch /slave/own/hidden");
        Assert.False(File.Exists(Path.Combine(source, "own/hidden")));
        Assert.Equal("cached rslave", await box.InspectAsync(
            "{{with index .HostConfig.Mounts 0}}{{.Consistency}} {{.BindOptions.Propagation}}{{end}}"));
    }

    [Fact]
    public async Task Mounts_OverEtc_HaveTheNetworksFilesOnTop()
    {
        await using var box = await BoxAsync("--hostname", "over", "--tmpfs", "/etc", "--add-host", "known:192.0.2.9");

        Assert.Equal("over", await box.ShellAsync("cat /etc/hostname"));
        Assert.Equal("1", await box.ShellAsync("grep -c known /etc/hosts"));
        Assert.Contains("nameserver", await box.ShellAsync("cat /etc/resolv.conf"));
    }
}
