using Portal.Contracts.Containers.V1;
using Portal.Web.Features.Containers;

namespace Portal.Web.Tests.Features.Containers;

public sealed class UpdateFormTests
{
    private static readonly Resources s_limits = new() { MemoryBytes = 64 << 20, NanoCpus = 1_500_000_000 };
    private static readonly RestartPolicy s_policy = new() { Kind = RestartPolicyKind.OnFailure, MaximumRetries = 4 };

    [Fact]
    public void Check_Unchanged_AsksForNothing()
    {
        var form = new UpdateForm(s_limits, s_policy);

        Assert.Equal(("64", "1.5", "", "on-failure"), (form.MemoryMebibytes, form.Cpus, form.Pids, form.RestartPolicy));
        Assert.Empty(form.Check(out var request, out var detail));
        Assert.Equal("", detail);
        Assert.Equal(new UpdateContainerRequest(), request);
    }

    [Fact]
    public void Check_Changed_AsksForThatAlone()
    {
        var form = new UpdateForm(s_limits, s_policy) { MemoryMebibytes = "128", Pids = "30", RestartPolicy = "always" };

        Assert.Empty(form.Check(out var request, out var detail));

        Assert.Equal(128 << 20, request.MemoryBytes);
        Assert.False(request.HasNanoCpus);
        Assert.Equal(30, request.PidsLimit);
        Assert.Equal(new RestartPolicy { Kind = RestartPolicyKind.Always }, request.RestartPolicy);
        Assert.Equal("memory 128 MiB, processes 30, restart policy always", detail);
    }

    [Theory]
    [InlineData("", "1.5", "")]
    [InlineData("5", "1.5", "")]
    [InlineData("64", "", "")]
    [InlineData("64", "0", "")]
    [InlineData("64", "1.5", "-1")]
    [InlineData("64", "1.5", "many")]
    public void Check_WhatCannotBe_IsRefusedByItsField(string memory, string cpus, string pids)
    {
        var form = new UpdateForm(s_limits, s_policy) { MemoryMebibytes = memory, Cpus = cpus, Pids = pids };

        Assert.Single(form.Check(out _, out _));
    }
}
