using Portal.Engine.Containers.Processes;
using Portal.Engine.Errors;

namespace Portal.Engine.Tests.Containers.Processes;

public sealed class ContainerProcessesTests
{
    [Fact]
    public void Parse_LinesOfAll_KeepsTheContainersAndTheirThreads()
    {
        var table = ContainerProcesses.Parse(
            "USER       PID COMMAND\nroot         1 /sbin/init splash\napp         42 sh -c  a b\napp          - thread\n"
            + "root        43 other\nroot - its\n",
            new HashSet<int> { 42 });

        Assert.Equal(["USER", "PID", "COMMAND"], table.Titles);
        Assert.Equal([["app", "42", "sh -c a b"], ["app", "-", "thread"]], table.Rows);
    }

    [Theory]
    [InlineData("USER COMMAND\nroot init\n")]
    [InlineData("")]
    public void Parse_WithoutAColumnOfNumbers_IsRefusedInDockersWords(string output)
    {
        var failure = Assert.Throws<EngineException>(() => ContainerProcesses.Parse(output, new HashSet<int> { 1 }));

        Assert.Equal("Couldn't find PID field in ps output", failure.Message);
    }
}
