return await Portal.Simulation.SimulationProgram.RunAsync(args);
