using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Seccomp;

namespace Portal.Engine.Linux.Tests.Runtime.Spec;

public sealed class SeccompTranslatorTests
{
    private static readonly Version s_kernel = new(6, 1);

    [Fact]
    public void Translate_Default_DeniesByDefaultAndKnowsItsArchitectures()
    {
        var seccomp = Default("amd64");

        Assert.Equal("SCMP_ACT_ERRNO", seccomp.DefaultAction);
        Assert.Equal(1u, seccomp.DefaultErrnoRet);
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], seccomp.Architectures);
        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], Default("arm64").Architectures);
    }

    [Theory]
    [InlineData(
        """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","names":["mkdirat"],"action":"SCMP_ACT_ERRNO"}]}""",
        "'name' and 'names' were specified")]
    [InlineData(
        """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]}""",
        "'architectures' and 'archMap' were specified")]
    public void Parse_SaidInTwoWays_IsRefused(string profile, string words)
    {
        var refusal = Assert.Throws<EngineException>(() => SeccompTranslator.Parse(profile));

        Assert.Equal(EngineErrorKind.InvalidArgument, refusal.Kind);
        Assert.Contains(words, refusal.Message);
    }

    [Fact]
    public void Translate_KernelWithoutX32_LeavesItOut()
    {
        var seccomp = SeccompTranslator.Translate(SeccompTranslator.Default, [], "amd64", s_kernel, mayHaveX32: false);

        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], seccomp.Architectures);
    }

    [Theory]
    [InlineData("openat")]
    [InlineData("execve")]
    [InlineData("futex")]
    [InlineData("clone")]
    [InlineData("statx")]
    [InlineData("socket")]
    public void Translate_Default_AllowsWhatEveryProgramNeeds(string name) => Assert.Contains(name, Allowed(Default("amd64")));

    [Theory]
    [InlineData("mount")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("bpf")]
    [InlineData("keyctl")]
    [InlineData("add_key")]
    [InlineData("kexec_load")]
    [InlineData("init_module")]
    [InlineData("io_uring_setup")]
    [InlineData("userfaultfd")]
    [InlineData("pivot_root")]
    [InlineData("open_by_handle_at")]
    [InlineData("reboot")]
    public void Translate_Default_DeniesWhatReachesTheHost(string name) => Assert.DoesNotContain(name, Allowed(Default("amd64")));

    [Fact]
    public void Translate_NoAdministrator_CloneTakesNoNamespacesAndClone3DoesNotExist()
    {
        var seccomp = Default("amd64");

        var clone = Assert.Single(seccomp.Syscalls, rule => rule.Names.Contains("clone"));
        Assert.Equal([new OciSyscallArgument(0, 0x7E020000, 0, "SCMP_CMP_MASKED_EQ")], clone.Args!);
        var clone3 = Assert.Single(seccomp.Syscalls, rule => rule.Names.Contains("clone3"));
        Assert.Equal(("SCMP_ACT_ERRNO", 38u), (clone3.Action, clone3.ErrnoRet));
    }

    [Fact]
    public void Translate_Administrator_MayMountAndMakeNamespaces()
    {
        var seccomp = Default("amd64", "CAP_SYS_ADMIN");

        Assert.Subset(Allowed(seccomp), new HashSet<string> { "mount", "unshare", "setns", "clone", "clone3" });
        Assert.All(seccomp.Syscalls.Where(rule => rule.Names.Contains("clone")), rule => Assert.Null(rule.Args));
    }

    [Fact]
    public void Translate_Conditions_AllMustHold()
    {
        var profile = SeccompTranslator.Parse(
            """
            {"defaultAction":"SCMP_ACT_KILL","architectures":["SCMP_ARCH_X86_64"],"syscalls":[
              {"name":"a","action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4.8"}},
              {"names":["b"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"7.0"}},
              {"names":["c"],"action":"SCMP_ACT_ALLOW","excludes":{"minKernel":"4.8"}},
              {"names":["d"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_X","CAP_Y"]}},
              {"names":["e"],"action":"SCMP_ACT_ALLOW","includes":{"arches":["arm64"]}},
              {"names":["f"],"action":"SCMP_ACT_ALLOW","excludes":{"arches":["arm64"]}},
              {"names":[],"action":"SCMP_ACT_ALLOW"}]}
            """);

        var seccomp = SeccompTranslator.Translate(profile, ["CAP_X"], "amd64", s_kernel, mayHaveX32: true);

        Assert.Equal(["a", "f"], seccomp.Syscalls.SelectMany(rule => rule.Names));
        Assert.Equal(["SCMP_ARCH_X86_64"], seccomp.Architectures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"defaultAction\":7}")]
    [InlineData("{\"defaultAction\":\"x\",\"syscalls\":[{\"names\":[\"a\"],\"args\":[{\"index\":-1}]}]}")]
    public void Parse_NoProfile_IsRefused(string json)
    {
        var failure = Assert.Throws<EngineException>(() => SeccompTranslator.Parse(json));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    [Fact]
    public void Parse_HugeProfile_IsRefused()
    {
        Assert.Throws<EngineException>(() => SeccompTranslator.Parse(new string(' ', 2 << 20)));
    }

    private static OciSeccomp Default(string architecture, params string[] capabilities)
    {
        return SeccompTranslator.Translate(SeccompTranslator.Default, capabilities, architecture, s_kernel, mayHaveX32: true);
    }

    private static HashSet<string> Allowed(OciSeccomp seccomp)
    {
        return [.. seccomp.Syscalls.Where(rule => rule.Action == "SCMP_ACT_ALLOW").SelectMany(rule => rule.Names)];
    }
}
