using Portal.Agent.Hosting;
return await new AgentCommandLine(Console.Out, Console.Error).InvokeAsync(args).ConfigureAwait(false);
