using System.Globalization;
using Portal.Engine.Containers;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Runtime.Limits;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>
/// Limits of block I/O on cgroup version 2, by the kernel's file and by the time that a container takes. Other tests look at version
/// 1's files; here a container reads and writes a real disk past the page cache, which the virtual machine has to itself.
/// </summary>
[Trait("Area", "vm")]
public sealed class BlockIoTests : IAsyncLifetime
{
    private const int Mebibyte = 1024 * 1024;
    private const int Mebibytes = 6;
    private const int Reads = 100;
    private const int ReadsASecond = 20;

    // Says how many hundredths of a second a command took, by the kernel's clock: starting it does not count.
    private const string Timed = """
        timed() { read a b </proc/uptime; "$@" || exit 1; read c d </proc/uptime; echo $(( ${c%.*}${c#*.} - ${a%.*}${a#*.} )); }
        """;

    private KernelEngine _engine = null!;
    private string _disk = "";
    private string _number = "";

    private string Folder => _engine.Instance.TempPath("files");

    public async Task InitializeAsync()
    {
        _engine = await KernelEngine.StartAsync();
        Directory.CreateDirectory(Folder);
        var found = (await Tool.RunAsync("findmnt", "-nro", "SOURCE,MAJ:MIN", "-T", Folder)).Trim().Split(' ');
        (_disk, _number) = (found[0], found[1]);
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Limits_OfADisk_AreTheKernelsIoMax()
    {
        var id = await _engine.RunAsync("sleep 1000", spec => spec with
        {
            NetworkMode = "none",
            Resources = spec.Resources with
            {
                BlockIo = new BlockIoLimits { ReadBps = Rate(3 * Mebibyte), WriteBps = Rate(Mebibyte), ReadIops = Rate(30), WriteIops = Rate(40) },
            },
        });

        var process = (await _engine.Containers.InspectAsync(id)).ProcessId;
        var cgroup = (await File.ReadAllTextAsync($"/proc/{process}/cgroup")).Trim().Split("::")[1];

        Assert.Contains(id, cgroup, StringComparison.Ordinal);
        Assert.Equal($"{_number} rbps=3145728 wbps=1048576 riops=30 wiops=40\n", await File.ReadAllTextAsync($"/sys/fs/cgroup{cgroup}/io.max"));
    }

    [Fact]
    public async Task Write_BeyondTheBytesASecond_TakesItsTime()
    {
        var script = $"timed dd if=/dev/zero of=/v/file bs=64k count={Mebibytes * 16} oflag=direct";

        var free = await TimeAsync(script, new BlockIoLimits());
        var held = await TimeAsync(script, new BlockIoLimits { WriteBps = Rate(Mebibyte) });

        // The kernel counts in slices, and lets the first of them pass at once.
        Assert.InRange(held, TimeSpan.FromSeconds(Mebibytes - 2), TestSettings.Within(TimeSpan.FromSeconds(Mebibytes * 5)));
        Assert.True(free < held, $"without a limit it takes {free}, with one {held}");
    }

    [Fact]
    public async Task Read_BeyondTheRequestsASecond_TakesItsTime()
    {
        await File.WriteAllBytesAsync(Path.Combine(Folder, "file"), new byte[Reads * 4096]);
        await Tool.RunAsync("sync", Path.Combine(Folder, "file"));
        var script = $"timed dd if=/v/file of=/dev/null bs=4k count={Reads} iflag=direct";

        var free = await TimeAsync(script, new BlockIoLimits());
        var held = await TimeAsync(script, new BlockIoLimits { ReadIops = Rate(ReadsASecond) });

        const int Seconds = Reads / ReadsASecond;
        Assert.InRange(held, TimeSpan.FromSeconds(Seconds - 2), TestSettings.Within(TimeSpan.FromSeconds(Seconds * 5)));
        Assert.True(free < held, $"without a limit it takes {free}, with one {held}");
    }

    private IReadOnlyList<DeviceRate> Rate(long rate) => [new DeviceRate(_disk, rate)];

    private async Task<TimeSpan> TimeAsync(string script, BlockIoLimits limits)
    {
        var id = await _engine.RunAsync($"{Timed}\n{script} 2>/dev/null", spec => spec with
        {
            NetworkMode = "none",
            Binds = [$"{Folder}:/v"],
            Resources = spec.Resources with { BlockIo = limits },
        });
        var exitCode = await _engine.Containers.WaitAsync(id);
        var said = await _engine.LogAsync(id);
        Assert.True(exitCode == 0, $"exit code {exitCode}: {said}");
        return TimeSpan.FromMilliseconds(10 * int.Parse(said, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture));
    }
}
