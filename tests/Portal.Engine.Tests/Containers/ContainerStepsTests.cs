using Portal.Engine.Containers;
using Portal.Engine.Containers.States;
using Portal.Engine.Errors;

namespace Portal.Engine.Tests.Containers;

public sealed class ContainerStepsTests
{
    private static readonly (ContainerState From, ContainerStep Step, ContainerState To)[] s_legal =
    [
        (ContainerState.Created, ContainerStep.Start, ContainerState.Running),
        (ContainerState.Created, ContainerStep.Remove, ContainerState.Removing),
        (ContainerState.Running, ContainerStep.Pause, ContainerState.Paused),
        (ContainerState.Running, ContainerStep.End, ContainerState.Exited),
        (ContainerState.Running, ContainerStep.BackOff, ContainerState.Restarting),
        (ContainerState.Paused, ContainerStep.Unpause, ContainerState.Running),
        (ContainerState.Paused, ContainerStep.End, ContainerState.Exited),
        (ContainerState.Paused, ContainerStep.BackOff, ContainerState.Restarting),
        (ContainerState.Restarting, ContainerStep.Start, ContainerState.Running),
        (ContainerState.Restarting, ContainerStep.End, ContainerState.Exited),
        (ContainerState.Restarting, ContainerStep.BackOff, ContainerState.Restarting),
        (ContainerState.Exited, ContainerStep.Start, ContainerState.Running),
        (ContainerState.Exited, ContainerStep.BackOff, ContainerState.Restarting),
        (ContainerState.Exited, ContainerStep.Remove, ContainerState.Removing),
        (ContainerState.Removing, ContainerStep.Remove, ContainerState.Removing),
        (ContainerState.Removing, ContainerStep.Bury, ContainerState.Dead),
        (ContainerState.Dead, ContainerStep.Remove, ContainerState.Removing),
    ];

    [Fact]
    public void Take_EveryPair_FollowsTheTableOrThrowsConflict()
    {
        foreach (var from in Enum.GetValues<ContainerState>())
        {
            foreach (var step in Enum.GetValues<ContainerStep>())
            {
                var legal = s_legal.Where(item => item.From == from && item.Step == step).ToArray();
                Assert.Equal(legal.Length == 1, ContainerSteps.IsLegal(from, step));
                if (legal is [var expected])
                {
                    Assert.Equal(expected.To, ContainerSteps.Take("id", from, step));
                }
                else
                {
                    var failure = Assert.Throws<EngineException>(() => ContainerSteps.Take("id", from, step));
                    Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
                }
            }
        }
    }
}
