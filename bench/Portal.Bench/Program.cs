using Portal.Bench;
using Portal.Bench.Traffic;

return await TrafficProgram.TryRunAsync(args) ?? await Bench.RunAsync(args);
