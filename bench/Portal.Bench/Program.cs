using Portal.Bench;

return await Bench.RunAsync(args);
