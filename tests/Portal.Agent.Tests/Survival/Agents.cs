using Portal.Agent.Hosting;
using Portal.Testing;
using Portal.Testing.Agents;

namespace Portal.Agent.Tests.Survival;

internal static class Agents
{
    /// <summary>An agent in folders of its own; disposing it takes all of it away.</summary>
    public static RealAgent New(TestInstance? instance = null)
    {
        var places = instance ?? new TestInstance();
        return new RealAgent(places, new AgentPaths(places.DataRoot, places.RunRoot).InstanceName);
    }
}
