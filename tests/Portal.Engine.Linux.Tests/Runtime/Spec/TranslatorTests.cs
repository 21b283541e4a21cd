using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Runtime;

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
}
