using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Oci.Limits;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Linux.Runtime.Spec.Mounts;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Limits;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime.Spec;

public sealed class TranslatorTests
{
    private const ulong AllBits = ulong.MaxValue;

    [Fact]
    public void Resources_Limits_AreTheRuntimes()
    {
        var resources = ResourceTranslator.Translate(
            new RuntimeResources { Memory = 100 << 20, NanoCpus = 1_500_000_000, CpuShares = 512, CpusetCpus = "0-1", PidsLimit = 7 },
            [],
            swapLimit: true);

        Assert.Equal(new OciMemory(100 << 20, 200 << 20, null), resources.Memory);
        Assert.Equal(new OciCpu(512, 150_000, 100_000, "0-1"), resources.Cpu);
        Assert.Equal(new OciPids(7), resources.Pids);
    }

    [Fact]
    public void Resources_None_AreLeftOut()
    {
        var resources = ResourceTranslator.Translate(new RuntimeResources { PidsLimit = -1 }, [], swapLimit: true);

        Assert.Null(resources.Memory);
        Assert.Null(resources.Cpu);
        Assert.Null(resources.Pids);
    }

    [Fact]
    public void Update_NoLimitOfProcesses_IsForTheRuntimeOnlyWhereAllOfThemCanWriteIt()
    {
        Assert.Null(ResourceTranslator.TranslateUpdate(new RuntimeResources { PidsLimit = -1 }, swapLimit: true, cgroupVersion: 1).Pids);
        Assert.Equal(
            new OciPids(-1),
            ResourceTranslator.TranslateUpdate(new RuntimeResources { PidsLimit = -1 }, swapLimit: true, cgroupVersion: 2).Pids);
    }

    [Fact]
    public void Quota_None_IsForTheRuntimeOnlyWhereItsNumberHasASign()
    {
        var unlimited = new RuntimeResources { CpuQuota = -1 };

        Assert.Null(ResourceTranslator.Translate(unlimited, [], swapLimit: true).Cpu);
        Assert.Null(ResourceTranslator.TranslateUpdate(unlimited, swapLimit: true, cgroupVersion: 1).Cpu);
        Assert.Equal(-1, ResourceTranslator.TranslateUpdate(unlimited, swapLimit: true, cgroupVersion: 2).Cpu!.Quota);
    }

    [Fact]
    public void Resources_HostCannotLimitSwap_AsksForNoSwapLimit()
    {
        var limited = new RuntimeResources { Memory = 100 << 20, MemorySwap = -1 };

        Assert.Equal(-1, ResourceTranslator.Translate(limited, [], swapLimit: true).Memory!.Swap);
        Assert.Null(ResourceTranslator.Translate(limited, [], swapLimit: false).Memory!.Swap);
    }

    [Fact]
    public void Capabilities_AddAllDropOne_AllButThat()
    {
        var capabilities = CapabilitySet.Resolve(false, ["ALL"], ["cap_sys_admin"], AllBits);

        Assert.Equal(40, capabilities.Count);
        Assert.DoesNotContain("CAP_SYS_ADMIN", capabilities);
    }

    [Fact]
    public void Capabilities_NotHeldByUs_AreNotAskedFor()
    {
        const ulong WithoutResource = AllBits & ~(1UL << 24);

        Assert.DoesNotContain("CAP_SYS_RESOURCE", CapabilitySet.Resolve(true, [], [], WithoutResource));
        Assert.Equal(14, CapabilitySet.Resolve(false, ["SYS_RESOURCE"], [], WithoutResource).Count);
    }

    [Fact]
    public void Capabilities_Unknown_IsRefused()
    {
        Assert.Throws<EngineException>(() => CapabilitySet.Resolve(false, ["CAP_FLY"], [], AllBits));
    }

    [Theory]
    [InlineData("crun: executable file `nosuch` not found in $PATH: No such file or directory", "executable file not found in $PATH")]
    [InlineData("executable file `/no/x` not found: No such file or directory", "stat /no/x: no such file or directory")]
    [InlineData("open executable: Permission denied", "permission denied")]
    [InlineData("open executable: Operation not permitted", "permission denied")]
    public void Failure_CrunsWords_BecomeWhatClientsKnow(string words, string known)
    {
        Assert.Contains(known, RuntimeFailure.Normalize(words));
    }

    [Theory]
    [InlineData("time=\"2024\" level=error msg=\"runc create failed: exec: \\\"x\\\": no\"", "runc create failed: exec: \"x\": no")]
    [InlineData("time=\"2024\" level=warning msg=\"odd\"\n{\"level\":\"error\",\"msg\":\"last\"}", "last")]
    [InlineData("{\"level\":\"error\",\"msg\":", "the runtime gave no reason")]
    [InlineData("{\"level\":\"info\",\"msg\":\"fine\"}\nplain words", "plain words")]
    [InlineData("", "the runtime gave no reason")]
    public void Failure_Words_AreTheLastError(string said, string words)
    {
        Assert.Equal(words, RuntimeFailure.FindWords("/nonexistent/log", said));
        Assert.Equal(words, RuntimeFailure.FindWords(null, said));
    }

    [Theory]
    [InlineData("{\"data\": 42}", 42, "")]
    [InlineData("{\"data\": -1, \"message\": \"bad\"}", -1, "bad")]
    [InlineData("{\"data\": -1, \"message\": \"\\u001\"}", -1, "{\"data\": -1, \"message\": \"\\u001\"}")]
    [InlineData("{}", -1, "")]
    public void Report_AnyLine_IsRead(string line, int data, string message)
    {
        Assert.Equal(new MonitorReport(data, message), MonitorReport.Parse(System.Text.Encoding.UTF8.GetBytes(line)));
    }

    [Theory]
    [InlineData("runc version 1.1.5+ds1\ncommit: x", "1.1.5+ds1")]
    [InlineData("crun version 1.8.1\n", "1.8.1")]
    [InlineData("conmon version 2.1.6\n", "2.1.6")]
    [InlineData("", "")]
    public void Version_FirstLine_IsRead(string output, string version) => Assert.Equal(version, RuntimeSelector.ParseVersion(output));

    [Fact]
    public void Ulimits_AgainstTheHost_AreToldWithWhatIsAllowed()
    {
        string[] host = ["Limit  Soft Limit  Hard Limit  Units",
            "Max open files            1024                 4096                 files"];

        Assert.Empty(Rlimits.Problems([new Ulimit("nofile", 1, 4096)], host, mayRaise: false, 1 << 20));
        Assert.Contains("which is 4096", Assert.Single(Rlimits.Problems([new Ulimit("nofile", 1, 4097)], host, mayRaise: false, 1 << 20)));
        Assert.Empty(Rlimits.Problems([new Ulimit("nofile", 1, 4097)], host, mayRaise: true, 1 << 20));
        Assert.Contains("which is 1048576", Assert.Single(Rlimits.Problems([new Ulimit("nofile", 1, -1)], host, mayRaise: true, 1 << 20)));
        Assert.Contains("soft limit must be", Assert.Single(Rlimits.Problems([new Ulimit("nofile", 3, 2)], host, mayRaise: true, 1 << 20)));
        Assert.Contains("invalid ulimit type", Assert.Single(Rlimits.Problems([new Ulimit("NOFILE", 1, 1)], host, mayRaise: true,
            1 << 20)));
    }

    [Theory]
    [InlineData("c 1:3 rwm", "c", 1L, 3L, "rwm")]
    [InlineData("a *:* r", "a", null, null, "r")]
    [InlineData("b 8:* w", "b", 8L, null, "w")]
    public void DeviceRule_Text_IsRead(string text, string type, long? major, long? minor, string access)
    {
        Assert.Equal(new OciDeviceRule(true, type, major, minor, access), DeviceRuleText.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c 1:3")]
    [InlineData("x 1:3 r")]
    [InlineData("c 1:3 rx")]
    [InlineData("c -1:3 r")]
    [InlineData("c 99999999999:3 r")]
    [InlineData("c 1:3 r\nb *:* rwm")]
    public void DeviceRule_OtherText_IsRefused(string text)
    {
        Assert.Throws<EngineException>(() => DeviceRuleText.Parse(text));
    }

    [Theory]
    [InlineData(-500, 0, false, false)]
    [InlineData(-500, 0, true, true)]
    [InlineData(-500, -600, false, true)]
    [InlineData(500, 0, false, true)]
    [InlineData(0, 100, false, true)]
    public void OomScore_BelowTheEnginesOwn_NeedsTheCapability(int asked, int own, bool mayLower, bool fine)
    {
        Assert.Equal(fine, OomScore.Problem(asked, own, mayLower) is null);
    }

    [Fact]
    public void Propagation_InnermostMount_Counts()
    {
        string[] lines =
        [
            "1 0 8:1 / / rw shared:1 - ext4 /dev/sda rw",
            "2 1 0:5 / /a\\040b rw - tmpfs none rw",
            "3 2 0:6 / /a\\040b/c rw master:2 - tmpfs none rw",
        ];

        Assert.Equal(("/", "shared:1"), (MountPropagation.Find("/a", lines).MountPoint, MountPropagation.Find("/a", lines).Fields[0]));
        Assert.Equal(("/a b", 0), (MountPropagation.Find("/a b/x", lines).MountPoint, MountPropagation.Find("/a b/x", lines).Fields.Count));
        Assert.Equal(["master:2"], MountPropagation.Find("/a b/c/d", lines).Fields);
    }

    [Fact]
    public void Resources_VersionOneAlone_AreLeftOutOnVersionTwo()
    {
        var limits = new RuntimeResources
        {
            MemorySwappiness = 0, OomKillDisable = true, KernelMemoryTcp = 9, CpuRealtimeRuntime = 5, CpuQuota = 20_000, CpuPeriod = 40_000,
        };

        var first = ResourceTranslator.Translate(limits, [], swapLimit: true, cgroupVersion: 1);
        var second = ResourceTranslator.Translate(limits, [], swapLimit: true, cgroupVersion: 2);

        Assert.Equal((0UL, true, 9L), (first.Memory!.Swappiness, first.Memory.DisableOomKiller, first.Memory.KernelTcp));
        Assert.Equal((20_000L, 40_000UL, 5L), (first.Cpu!.Quota, first.Cpu.Period, first.Cpu.RealtimeRuntime));
        Assert.Null(second.Memory);
        Assert.Null(second.Cpu!.RealtimeRuntime);
    }

    [Fact]
    public async Task BlockIo_EveryLimit_IsTheRuntimesWithTheDevicesNumber()
    {
        var folder = Directory.CreateTempSubdirectory("portal-test-block-");
        try
        {
            var disk = Path.Combine(folder.FullName, "disk");
            await Tool.RunAsync("mknod", disk, "b", "7", "250");
            IReadOnlyList<DeviceRate> Rate(long rate) => [new DeviceRate(disk, rate)];

            var io = BlockIoTranslator.Translate(new BlockIoLimits
            {
                Weight = 300, DeviceWeights = [new DeviceWeight(disk, 40)], ReadBps = Rate(1), WriteBps = Rate(2), ReadIops = Rate(3), WriteIops = Rate(4),
            })!;

            Assert.Equal(300, io.Weight);
            Assert.Equal(new OciWeightDevice(7, 250, 40), Assert.Single(io.WeightDevice!));
            Assert.Equal(
                [new(7, 250, 1), new(7, 250, 2), new(7, 250, 3), new OciThrottleDevice(7, 250, 4)],
                new[] { io.ThrottleReadBpsDevice!, io.ThrottleWriteBpsDevice!, io.ThrottleReadIopsDevice!, io.ThrottleWriteIopsDevice! }
                    .Select(Assert.Single));
            Assert.Null(BlockIoTranslator.Translate(new BlockIoLimits()));
            var failure = Assert.Throws<EngineException>(() => BlockIoTranslator.Translate(new BlockIoLimits { ReadBps = [new DeviceRate("/dev/null", 1)] }));
            Assert.Contains("/dev/null is no block device", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
